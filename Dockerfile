# All that the report needs: docker build --tag send-report . && docker run send-report
# The same image, lock and commands as the checks of every change (.github/workflows/ci.yml).
FROM python:3.12-bookworm

# A browser to print and test with, and fonts that have the widths that the charts are drawn for.
RUN apt-get update -qq \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        chromium fonts-liberation git make \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /report
# Packages first: they change less often than the report.
COPY requirements.lock ./
RUN python -m venv .venv && .venv/bin/python -m pip install --quiet --require-hashes -r requirements.lock
COPY . .
RUN .venv/bin/python -m pip install --quiet --no-deps --no-build-isolation -e . && touch .venv/.ready
# The tests ask git which files there are; the folder may have come from another user.
RUN git config --global --add safe.directory /report

ENV SENDREFORM_BROWSER_REQUIRED=1
EXPOSE 8000
CMD ["make", "book", "test"]
