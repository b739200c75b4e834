"""A papermill engine that runs a notebook's cells in this very process, without a kernel.

The cells run in a fresh IPython shell, and what they show is kept as a Jupyter kernel keeps it, so
that the executed notebook is the same. A kernel takes seconds to start and to import what every
notebook needs; a process in which all that is at hand already needs none of it. The process is one
that nothing else has used: :mod:`.editions` gives every notebook its own.
"""

import io
import json
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

from ipykernel.ipkernel import IPythonKernel
from ipykernel.jsonutil import encode_images
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from jupyter_client.jsonutil import json_default
from nbformat import NotebookNode
from nbformat.v4 import new_output
from papermill.engines import Engine, NotebookExecutionManager, papermill_engines
from traitlets import Type
from traitlets.config import Config

#: The name of the engine in papermill.
NAME = "sendreform"


class InProcessEngine(Engine):  # type: ignore[misc]  # papermill is read as untyped
    """Runs the cells of a notebook one after the other, up to the first that fails.

    papermill itself then raises ``PapermillExecutionError``, with the cell and the traceback.
    """

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, *_: object, **__: object
    ) -> None:
        """Run the cells; their outputs and execution counts are put into the notebook."""
        # As in a kernel: modules beside the notebook are found, and plots are shown in the page.
        sys.path.insert(0, "")
        os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
        # Without a history there is no database to open, and no thread to write it.
        shell = _Shell.instance(config=Config({"HistoryManager": {"enabled": False}}))
        try:
            for index, cell in enumerate(nb_man.nb.cells):
                nb_man.cell_start(cell, index)
                well = not _is_run(cell) or shell.run(cell)
                if not well:
                    nb_man.cell_exception(cell, cell_index=index)
                nb_man.cell_complete(cell, cell_index=index)
                if not well:
                    break
            nb_man.nb.metadata["language_info"] = _as_json(IPythonKernel.language_info)
        finally:
            shell.restore_sys_module_state()
            _Shell.clear_instance()
            sys.path.remove("")


def register() -> None:
    """Make the engine known to papermill by its name."""
    papermill_engines.register(NAME, InProcessEngine)


def _is_run(cell: NotebookNode) -> bool:
    """Whether a kernel would be asked to run the cell."""
    tags = cell.metadata.get("tags", [])
    return cell.cell_type == "code" and cell.source.strip() and "skip-execution" not in tags


class _Results(DisplayHook):
    """Keeps the value of a cell's last expression, where a terminal would print it."""

    def write_output_prompt(self) -> None:
        """A notebook has no prompt among its outputs."""

    def write_format_data(
        self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None
    ) -> None:
        """Keep the value in all its forms."""
        assert isinstance(self.shell, _Shell)
        self.shell.keep(
            "execute_result",
            data=_as_json(format_dict),
            metadata=_as_json(md_dict or {}),
            execution_count=self.prompt_count,
        )

    def finish_displayhook(self) -> None:
        """Nothing is printed after a value."""
        self._is_active = False


class _Displays(DisplayPublisher):
    """Keeps what a cell displays; a display that is updated changes where it stands."""

    def publish(
        self,
        data: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        *_: object,
        transient: dict[str, Any] | None = None,
        update: bool = False,
        **__: object,
    ) -> None:
        """Keep a display in all its forms."""
        shown = {"data": _as_json(data), "metadata": _as_json(metadata or {})}
        name = (transient or {}).get("display_id")
        if update:
            for output in self.shell.named_displays.get(name, ()):
                output.update(shown)
            return
        output = self.shell.keep("display_data", **shown)
        if name:
            self.shell.named_displays.setdefault(name, []).append(output)

    def clear_output(self, wait: bool = False) -> None:
        """Forget what the cell has shown so far, or will have when it shows the next thing."""
        self.shell.clear_before_next = wait
        if not wait:
            self.shell.outputs.clear()


class _Stream(io.TextIOBase):
    """What a cell prints: text of one stream that follows itself is one output."""

    def __init__(self, shell: "_Shell", name: str) -> None:
        self.shell, self.name = shell, name

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        last = self.shell.outputs[-1] if self.shell.outputs else {}
        if last.get("name") == self.name and not self.shell.clear_before_next:
            last["text"] += text
        elif text:
            self.shell.keep("stream", name=self.name, text=text)
        return len(text)


class _Shell(InteractiveShell):
    """An IPython shell that keeps outputs in the form of a notebook."""

    displayhook_class = Type(_Results)
    display_pub_class = Type(_Displays)

    def run(self, cell: NotebookNode) -> bool:
        """Run a cell, put its outputs and number into it, and return whether it went well."""
        self.outputs: list[NotebookNode] = []
        self.clear_before_next = False
        cell.execution_count = self.execution_count
        with redirect_stdout(_Stream(self, "stdout")), redirect_stderr(_Stream(self, "stderr")):
            result = self.run_cell(cell.source, store_history=True)
        cell.outputs = self.outputs
        return bool(result.success)

    def keep(self, kind: str, **content: Any) -> NotebookNode:
        """Put an output behind those of the cell so far."""
        if self.clear_before_next:
            self.outputs.clear()
            self.clear_before_next = False
        self.outputs.append(new_output(kind, **content))
        return self.outputs[-1]

    def init_display_pub(self) -> None:
        """Begin with no display that could be updated."""
        self.named_displays: dict[str, list[NotebookNode]] = {}
        super().init_display_pub()

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        self.keep("error", ename=etype.__name__, evalue=str(evalue), traceback=stb)


def _as_json(content: dict[str, Any]) -> dict[str, Any]:
    """Return content as it arrives from a kernel: images as text, dates and numbers as JSON has."""
    arrived: dict[str, Any] = json.loads(json.dumps(encode_images(content), default=json_default))
    return arrived
