"""The words of the guide in a questionnaire."""

from __future__ import annotations

GUIDE = (
    "Fill in the pale yellow cells only. Everything else is locked, so that the answers can be read back; there is no "
    "password. Leave empty what has not changed or is not known: an empty row says nothing and changes nothing.",
    "Cover: name the agency and give the date. Please write no names, telephone numbers or e-mail addresses of persons "
    "anywhere in the workbook; institutions answer for figures.",
    "Tables: lists every table that is asked for. Where the country cannot send a table, choose the new state and say "
    "why in a sentence that a reader can understand.",
    "Sheets named after a table: one row for each figure. On the left is what is published now, with its year, its "
    "source and its limitations, for comparison. Type the new figure in the unit that stands in the heading, exactly "
    "as your agency issues it. Years and classes that are not listed have free rows at the end.",
    "Numbers: type digits only, with the decimal sign of your computer. No spaces or separators of thousands, no "
    "formulas, no units, no marks such as an asterisk. A zero is a figure. If there is none, leave the cell empty and "
    "choose the status that says why.",
    "Status: leave it empty for an ordinary figure. Choose 'Provisional' for one that you expect to revise, 'Break in "
    "the series' where the method changed.",
    "Source: choose once, in the cell above the table, the source of all figures on the sheet. A figure that rests on "
    "another has its own cell. A source that is not in the list is described on the sheet 'New sources'; choose its "
    "slot, for example 'New source 1'.",
    "A figure that is already published and that you change: say above the table whether this is a scheduled revision "
    "or the correction of an error, and why. Readers will see both. To take a published figure back, leave the figure "
    "empty, choose a status such as 'Missing', and give the reason.",
    "Sources: the questions about each source. Choose an answer where there is a list, and add what helps in words. "
    "A question with several answers has several lines. Where the source itself does not say, choose 'Not reported by "
    "the source'.",
    "Do not add, rename, move or merge rows, columns or sheets. Save as an Excel workbook (.xlsx), in Excel or in "
    "LibreOffice. If something was moved by mistake, ask for a new copy and paste the figures as values.",
)
