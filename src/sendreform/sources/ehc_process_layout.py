"""Where the EHC plan process is in each edition's files: the columns, and the labels of rows.

Layouts only; :mod:`sendreform.sources.ehc_process` reads by them. To take in a new edition, add a
:class:`Sheet` for each of its files that names every column, and say which of them are figures.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sendreform.sources.sen2_layout import (
    ARCHIVE_2022,
    ARCHIVE_2025,
    FOLDER_2026,
    PLACEMENT_CODES,
    PLACEMENT_PERCENTAGES,
    RENAMED,
    TOPIC_COLUMNS,
    placement_columns,
)

#: Columns that say, with area and period, what a row is about; a file has some of them.
LABEL_COLUMNS = [*TOPIC_COLUMNS, "establishment_type", "establishment_group", "characteristic_age"]


@dataclass(frozen=True)
class Sheet:
    """One published CSV: where it is, and which of its columns are which figures.

    ``whole`` labels the rows that count everyone. ``figures`` maps a column to a measure, or to
    a measure and a breakdown ("ehc_plans_ceased reason:transferred"). ``unread`` are columns
    that the report does not use.
    """

    edition: int
    source: str
    path: str
    whole: str
    figures: Mapping[str, str]
    member: str = ""
    unread: tuple[str, ...] = ()
    january_census: bool = False
    renamed: Mapping[str, str] = field(default_factory=dict)

    @property
    def where(self) -> str:
        """The file, as errors name it."""
        return f"{self.path}/{self.member}" if self.member else self.path


REQUEST_FIGURES = {
    "requests_received_in_year": "ehc_plan_requests",
    "requests_decided_to_assess": "ehc_plan_requests_agreed",
    "requests_decided_not_to_assess": "ehc_plan_requests_refused",
    "requests_decision_not_made": "ehc_plan_requests_undecided",
    "requests_withdrawn": "ehc_plan_requests_withdrawn",
    "request_not_assess_pc": "ehc_plan_requests_refused_share",
    "request_outcome_six_weeks": "ehc_plan_requests_decided_in_6_weeks",
    "request_outcome_over_6_weeks": "ehc_plan_requests_decided_after_6_weeks",
    "request_outcome_six_weeks_pc": "ehc_plan_requests_decided_in_6_weeks_share",
    "mediation_related_request": "request_mediations",
    "tribunal_related_request": "request_tribunals",
    "tribunal_after_mediation_request": "request_tribunals_after_mediation",
}
REQUEST_UNREAD = (
    "requests_rya", "request_assess_pc", "request_outstanding_pc", "request_withdrawn_pc",
    "request_outcome_over_6_weeks_pc",
)  # fmt: skip

ASSESSMENT_FIGURES = {
    "assess_in_year": "ehc_assessments",
    "assess_issued": "ehc_assessments_plan_issued",
    "assess_not_issued": "ehc_assessments_no_plan",
    "assess_not_made": "ehc_assessments_undecided",
    "assess_withdrawn": "ehc_assessments_withdrawn",
    "assess_not_issued_pc": "ehc_assessments_no_plan_share",
    "number_assess_mediation": "assessment_mediations",
    "number_assess_tribunal": "assessment_tribunals",
    "number_asssess_mediation_tribunal": "assessment_tribunals_after_mediation",
    "number_other_mediation": "other_mediations",
    "number_other_tribunal": "other_tribunals",
    "number_other_mediation_tribunal": "other_tribunals_after_mediation",
}
ASSESSMENT_UNREAD = (
    "assess_issued_pc", "assess_not_made_pc", "assess_withdrawn_pc",
    "outcome_decision_within_time", "outcome_decision_over_time",
    "outcome_decision_within_time_pc", "outcome_decision_over_time_pc",
)  # fmt: skip

TIMELINESS_FIGURES = {
    "plans_issued_den": "ehc_plans_timed",
    "plans_issued_den_ex": "ehc_plans_timed_excluding_exceptions",
    "plans_issued_within_20_weeks": "ehc_plans_in_20_weeks",
    "plans_issued_20_weeks_ex": "ehc_plans_in_20_weeks_excluding_exceptions",
    "pc_plans_issued_within_20_weeks": "ehc_plans_in_20_weeks_share",
    "pc_plans_issued_20_weeks_ex": "ehc_plans_in_20_weeks_excluding_exceptions_share",
    "plans_issued_gt_1_year": "ehc_plans_beyond_a_year",
    "plans_issued_gt_1_year_ex": "ehc_plans_beyond_a_year_excluding_exceptions",
    "pc_plans_issued_gt_1_year": "ehc_plans_beyond_a_year_share",
    "pc_plans_issued_gt_1_year_ex": "ehc_plans_beyond_a_year_excluding_exceptions_share",
}
TIMELINESS_UNREAD = (
    "plans_issued_gt20weeks_ltyear", "plans_issued_gt20weeks_ltyear_ex",
    "pc_plans_issued_gt20weeks_ltyear", "pc_plans_issued_gt20weeks_ltyear_ex",
)  # fmt: skip
TIMELINESS_RENAMED_2025 = {
    "PC_plans_issued_20_weeks_ex": "pc_plans_issued_20_weeks_ex",
    "plans_issued_gt20weeks_ltYear": "plans_issued_gt20weeks_ltyear",
    "plans_issued_gt20weeks_ltYear_ex": "plans_issued_gt20weeks_ltyear_ex",
    "pc_plans_issued_gt20weeks_ltYear": "pc_plans_issued_gt20weeks_ltyear",
    "PC_plans_issued_gt20weeks_ltYear_ex": "pc_plans_issued_gt20weeks_ltyear_ex",
    "PC_plans_issued_gt_1_year_ex": "pc_plans_issued_gt_1_year_ex",
}

#: The 2025 guidance describes ``not_rec`` and ``other`` the wrong way round: the edition of 2026
#: dropped ``not_rec``, which had come to be empty, and kept ``other`` as "other reason".
CEASED_FIGURES = {
    "total_ceased": "ehc_plans_ceased",
    "max_age": "ehc_plans_ceased reason:maximum_age",
    "needs_met": "ehc_plans_ceased reason:needs_met",
    "he": "ehc_plans_ceased reason:higher_education",
    "employ": "ehc_plans_ceased reason:employment",
    "transfer": "ehc_plans_ceased reason:transferred",
    "no_engage": "ehc_plans_ceased reason:no_longer_wishes",
    "moved_outside_eng": "ehc_plans_ceased reason:left_england",
    "deceased": "ehc_plans_ceased reason:died",
    "other": "ehc_plans_ceased reason:other",
}

RESIDENTIAL_FIGURES = {
    "res_tot": "residential_placements",
    "res_3851": "residential_placements weeks:38_to_51",
    "res_52": "residential_placements weeks:52",
}

REQUESTS = (
    Sheet(
        edition=2025,
        source="ehc_2025_requests",
        path=ARCHIVE_2025,
        member="data/requests.csv",
        whole="All requests for EHC needs assessments",
        figures=REQUEST_FIGURES,
        unread=REQUEST_UNREAD,
    ),
    Sheet(
        edition=2026,
        source="ehc_2026_requests",
        path=f"{FOLDER_2026}/requests_2025_national.csv",
        whole="All requests for an EHC needs assessment",
        figures=REQUEST_FIGURES,
        unread=REQUEST_UNREAD,
    ),
)
ASSESSMENTS = (
    Sheet(
        edition=2025,
        source="ehc_2025_assessments",
        path=ARCHIVE_2025,
        member="data/assessments.csv",
        whole="All EHC needs assessments",
        figures=ASSESSMENT_FIGURES,
        unread=ASSESSMENT_UNREAD,
    ),
    Sheet(
        edition=2026,
        source="ehc_2026_assessments",
        path=f"{FOLDER_2026}/assessments_2025_national.csv",
        whole="All EHC needs assessments",
        figures=ASSESSMENT_FIGURES,
        unread=ASSESSMENT_UNREAD,
    ),
)
TIMELINESS = (
    Sheet(
        edition=2025,
        source="ehc_2025_timeliness",
        path=ARCHIVE_2025,
        member="data/timeliness_20_week.csv",
        whole="All EHC plans issued",
        figures=TIMELINESS_FIGURES,
        unread=TIMELINESS_UNREAD,
        renamed=TIMELINESS_RENAMED_2025,
    ),
    Sheet(
        edition=2026,
        source="ehc_2026_timeliness",
        path=f"{FOLDER_2026}/timeliness_20_week_2025_national.csv",
        whole="All EHC plans",
        figures={
            **TIMELINESS_FIGURES,
            "avg_weeks_issue_plan": "average_weeks_to_issue",
            "avg_weeks_issue_plan_exc": "average_weeks_to_issue_excluding_exceptions",
        },
        unread=TIMELINESS_UNREAD,
    ),
)
CEASED = (
    Sheet(
        edition=2025,
        source="ehc_2025_ceased",
        path=ARCHIVE_2025,
        member="data/ceased_plans.csv",
        whole="All ceased EHC plans",
        figures={**CEASED_FIGURES, "not_rec": "ehc_plans_ceased reason:not_recorded"},
    ),
    Sheet(
        edition=2026,
        source="ehc_2026_ceased",
        path=f"{FOLDER_2026}/ceased_plans_2025_national.csv",
        whole="All ceased EHC plans",
        figures=CEASED_FIGURES,
    ),
)
ANNUAL_REVIEWS = (
    Sheet(
        edition=2025,
        source="ehc_2025_annual_reviews",
        path=ARCHIVE_2025,
        member="data/annual_reviews.csv",
        whole="All annual reviews",
        figures={
            "review_expected": "annual_reviews_expected",
            "total_review_meeting": "annual_reviews_held",
            "outcome_amend": "annual_reviews_held outcome:amend",
            "outcome_cease": "annual_reviews_held outcome:cease",
            "outcome_maintan": "annual_reviews_held outcome:maintain",
            "no_outcome": "annual_reviews_held outcome:not_recorded",
            "no_review_meeting": "annual_reviews_not_held",
            "number_decsion_4weeks": "annual_reviews_decided_in_4_weeks",
            "number_decision_gt_4weeks": "annual_reviews_decided_after_4_weeks",
            "pc_decsion_4weeks": "annual_reviews_decided_in_4_weeks_share",
        },
        unread=(
            "total_ehc_plans",
            "review_not_expected",
            "review_meeting_25",
            "review_meeting_24",
            "review_meeting_prior_24",
            "review_meeting_prior_24_again",
            "review_decision25",
            "review_decision24",
            "review_decision_prior24",
            "review_decision_not_due",
            "review_decision_outstanding",
            "pc_decision_gt_4weeks",
        ),
    ),
    Sheet(
        edition=2026,
        source="ehc_2026_annual_reviews",
        path=f"{FOLDER_2026}/annual_reviews_2025_national.csv",
        whole="All reviews of EHC plans",
        figures={
            "review_expected_2025": "annual_reviews_expected",
            "review_completed_2025": "annual_reviews_held",
            "outcome_amended": "annual_reviews_held outcome:amend",
            "outcome_ceased": "annual_reviews_held outcome:cease",
            "outcome_maintained": "annual_reviews_held outcome:maintain",
            "no_outcome_recorded": "annual_reviews_held outcome:not_recorded",
            "review_completed_prior_2025": "annual_reviews_held_in_earlier_years",
            "review_not_completed": "annual_reviews_not_held",
            "decision_4_weeks": "annual_reviews_decided_in_4_weeks",
            "decision_over_4_weeks": "annual_reviews_decided_after_4_weeks",
        },
        unread=("total_ehc_plans", "review_not_expected_2025"),
    ),
)
RESIDENTIAL = (
    Sheet(
        edition=2025,
        source="ehc_2025_residential",
        path=ARCHIVE_2025,
        member="data/residential_settings.csv",
        whole="All residential placements",
        figures=RESIDENTIAL_FIGURES,
        january_census=True,
        renamed=RENAMED,
    ),
    Sheet(
        edition=2026,
        source="ehc_2026_residential",
        path=f"{FOLDER_2026}/residential_settings_2025_national.csv",
        whole="All residential placements",
        figures=RESIDENTIAL_FIGURES,
        january_census=True,
    ),
)
PERSONAL_BUDGETS = Sheet(
    edition=2025,
    source="ehc_2025_personal_budgets",
    path=ARCHIVE_2025,
    member="data/personal_budgets.csv",
    whole="All personal budgets",
    figures={"personal_budget": "personal_budgets"},
    unread=("org_arrangments", "pb_health", "pb_education", "pb_social", "pb_integrated"),
    january_census=True,
)


def _new_plan_figures(edition: str) -> dict[str, str]:
    return {
        "new_ehc_plans": "new_ehc_plans",
        **{
            column: f"new_ehc_plans placement:{PLACEMENT_CODES[column]}"
            for column in placement_columns(edition)
        },
    }


NEW_PLANS = (
    Sheet(
        edition=2025,
        source="ehc_2025_new_plans",
        path=ARCHIVE_2025,
        member="data/newplans.csv",
        whole="New EHC plans",
        figures=_new_plan_figures("2025"),
        unread=tuple(PLACEMENT_PERCENTAGES),
        renamed=RENAMED,
    ),
    Sheet(
        edition=2026,
        source="ehc_2026_new_plans",
        path=f"{FOLDER_2026}/newplans_2025_national.csv",
        whole="All new EHC plans",
        figures=_new_plan_figures("2026"),
        unread=tuple(PLACEMENT_PERCENTAGES),
    ),
)
NEW_PLAN_AGES = "Age when plan started"
#: New plans of councils are kept by group of placements, and by kind of special school.
COUNCIL_PLACEMENTS = [
    "mainstream", "special", "special_la_maintained", "special_academy_free", "special_academy",
    "special_free_school", "special_independent", "special_non_maintained", "ap_pru",
    "further_education", "educated_elsewhere", "early_years", "not_recorded",
    "other_placement_settings_apart", "awaiting_provision_apart", "permanently_excluded_apart",
]  # fmt: skip
#: In the 2025 edition every council of this region has the region's total of new plans in 2022.
REPEATED_TOTAL_YEAR, REPEATED_TOTAL_REGION = "2022", "E12000003"
#: It returned a total for 2022 and few records (footnote 4 of the edition's guidance).
WAKEFIELD = "384"
CEASED_AGES = "Age plan ceased"

PHASE_TRANSFERS = Sheet(
    edition=2026,
    source="ehc_2026_phase_transfers",
    path=f"{FOLDER_2026}/phase_transfers_2025_national.csv",
    whole="",
    figures={
        "due_25": "phase_transfers_due_this_year",
        "due_26": "phase_transfers_due_next_year",
        "final_25": "phase_transfer_plans_final_this_year",
        "final_26": "phase_transfer_plans_final_next_year",
    },
    unread=("number_plans",),
)

#: Every table of the editions since 2025, by the form that it keeps from one to the next; the
#: newest edition comes last, and is what a later one is expected to be like.
SHEETS: Mapping[str, tuple[Sheet, ...]] = {
    "requests": REQUESTS,
    "assessments": ASSESSMENTS,
    "timeliness": TIMELINESS,
    "new_plans": NEW_PLANS,
    "ceased": CEASED,
    "annual_reviews": ANNUAL_REVIEWS,
    "residential": RESIDENTIAL,
    "personal_budgets": (PERSONAL_BUDGETS,),
    "phase_transfers": (PHASE_TRANSFERS,),
}


def new_plan_age_dimension(edition: int) -> str:
    """Return the dimension of the age of new plans.

    From the edition of 2026 it is the age on the day the plan started, and before it was counted
    otherwise: the two are dimensions apart, so that nothing joins them.
    """
    return "age" if edition <= 2025 else "start_age"


#: The 2022 edition has one file for the whole process, in which statements have columns too.
PROCESS_2022 = Sheet(
    edition=2022,
    source="ehc_2022_process",
    path=ARCHIVE_2022,
    member="data/sen2_mi.csv",
    whole="",
    figures={
        "InreqEHC": "ehc_plan_requests",
        "AssRefusedEHC": "ehc_plan_requests_refused",
        "AssRefusedEHC_pc": "ehc_plan_requests_refused_share",
        "NewallEHC": "ehc_assessments_plan_issued",
        "AssnoneEHC": "ehc_assessments_no_plan",
        "AssnoneEHC_pc": "ehc_assessments_no_plan_share",
        "TotIncExcEHC": "ehc_plans_timed",
        "TotNoExcEHC": "ehc_plans_timed_excluding_exceptions",
        "IncExc20weekEHC": "ehc_plans_in_20_weeks",
        "NoExc20weekEHC": "ehc_plans_in_20_weeks_excluding_exceptions",
        "IncExc20weekRate": "ehc_plans_in_20_weeks_share",
        "NoExc20weekRate": "ehc_plans_in_20_weeks_excluding_exceptions_share",
        "NewEHCMediation": "mediations_held",
        "NewEHCTribunal": "mediations_then_appeals",
        "NewEHCTribunal_pc": "mediations_then_appeals_share",
    },
    unread=(
        "NewallEHC_pc", "NewallEHC_AssnoneEHC_sum", "AssnodecisionEHC", "Assnone",
        "Assnodecision", "AssRefused", "Mtosi", "Sitom", "MtoPar", "SitoPar", "Dislea", "Dismet",
        "Disoth", "Disleft", "MtosiEHC", "SitomEHC", "MtoParEHC", "SitoParEHC", "DisleaEHC",
        "DismetEHC", "DisothEHC", "DisleftEHC", "InreqryaEHC", "TotIncExc", "IncExc26week",
        "TotNoExc", "NoExc26week", "StatementstoEHC", "StatementstoNoEHC", "PersonalBudgets",
        "OrgArrangements", "DirectPayEducation", "DirectPaySocialCare", "DirectPayHealth",
        "DirectPayIntegrated",
    ),
)  # fmt: skip

#: Personal budgets in the file for 2021 are those of the return of January 2022.
PERSONAL_BUDGETS_2022 = {"PersonalBudgets": "personal_budgets"}

#: Moves in the year of children with an EHC plan (``...EHC``) and with a statement of SEN.
MOVES_2022 = {
    "MtosiEHC": "placement_moves move:mainstream_to_special",
    "Mtosi": "placement_moves move:mainstream_to_special",
    "SitomEHC": "placement_moves move:special_to_mainstream",
    "Sitom": "placement_moves move:special_to_mainstream",
    "MtoParEHC": "placement_moves move:mainstream_to_home_education",
    "MtoPar": "placement_moves move:mainstream_to_home_education",
    "SitoParEHC": "placement_moves move:special_to_home_education",
    "SitoPar": "placement_moves move:special_to_home_education",
}

_NEW_PLANS_2022_UNREAD = (
    "Total_new_st", "Total_new_st_pc", "Total_new_ehc", "Total_new_ehc_pc", "Total_new_all_pc",
)  # fmt: skip
NEW_PLAN_PLACEMENTS_2022 = Sheet(
    edition=2022,
    source="new_placements_2022",
    path=ARCHIVE_2022,
    member="data/sen2_estab_new_plans.csv",
    whole="",
    figures={"Total_new_all": "new_ehc_plans"},
    unread=("establishment_type", "establishment_group", *_NEW_PLANS_2022_UNREAD),
)
NEW_PLAN_AGES_2022 = Sheet(
    edition=2022,
    source="new_ages_2022",
    path=ARCHIVE_2022,
    member="data/sen2_age_new_plans.csv",
    whole="",
    figures={"Total_new_all": "new_ehc_plans"},
    unread=("characteristic_age", *_NEW_PLANS_2022_UNREAD),
)

_RESIDENTIAL_2022_AGES = ("05", "510", "1115", "1619")
RESIDENTIAL_2022 = Sheet(
    edition=2022,
    source="ehc_2022_residential",
    path=ARCHIVE_2022,
    member="data/sen2_wbp_residential_dmo.csv",
    whole="",
    figures={
        "TotMres38weekEHC": "residential_placements weeks:38_to_51",
        "TotMres38week": "residential_placements weeks:38_to_51",
        "TotMres52weekEHC": "residential_placements weeks:52",
        "TotMres52week": "residential_placements weeks:52",
    },
    unread=(
        *("MApprenEHC", "MTrainEHC", "MSuppIntEHC", "WorkbasedEHC", "DMO", "DCO", "DMODCOFunction"),
        *(f"Mres{weeks}week{age}" for weeks in (38, 52) for age in _RESIDENTIAL_2022_AGES),
        *(
            f"Mres{weeks}week{age}EHC"
            for weeks in (38, 52)
            for age in (*_RESIDENTIAL_2022_AGES, "2025")
        ),
    ),
)

#: Age groups of the 2022 edition, in lower case, to the codes of ``age``.
