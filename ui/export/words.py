"""What people call the formats and sections."""

from __future__ import annotations

from app.domain.communications import Audience

FORMATS = {
    "pdf": "PDF report",
    "pack": "Evidence pack: report, record, clips and evidence",
    "docx": "Word",
    "html": "Web page with clips",
    "md": "Markdown",
    "txt": "Plain text",
    "json": "Record (JSON)",
    "timeline-csv": "Timeline (CSV)",
    "jira-csv": "Actions for Jira (CSV)",
    "linear-csv": "Actions for Linear (CSV)",
    "ics": "Dates (calendar)",
    "bundle": "Bundle: the whole incident, to open elsewhere",
}
AUDIENCES = {
    Audience.ENGINEERING: "Engineering",
    Audience.EXECUTIVE: "Executives",
    Audience.SUPPORT: "Support",
    Audience.STATUS_PAGE: "Status page",
    Audience.CUSTOMER_EMAIL: "Customers, by e-mail",
    Audience.EXTERNAL: "Others outside",
}
ENDINGS = {
    "pack": ".zip",
    "bundle": ".hotwash",
    "timeline-csv": "-timeline.csv",
    "jira-csv": "-jira.csv",
    "linear-csv": "-linear.csv",
}
# In these, sections and entries can be left out.
REPORTS = frozenset({"pdf", "pack", "docx", "html", "md"})
ON_PAPER = frozenset({"pdf", "pack"})


def ending_of(short_format: str) -> str:
    """Return how the name of a file of this format ends."""
    return ENDINGS.get(short_format, f".{short_format}")


def section_words(section: str) -> str:
    """Return a section's name as a person reads it."""
    return section.replace("_", " ").capitalize()
