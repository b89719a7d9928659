"""For each kind of problem: the reason, and what to do about it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SAVE_AS = _("In the spreadsheet program choose “Save as” and the type “CSV UTF-8”.")
FROM_LIST = _("Compare with the list of the statistics bureau and correct this cell.")
TEXT_COLUMN = _("Format the column “code” as text before saving, then enter the codes again.")

WORDS: dict[str, tuple[Promise, Promise]] = {
    # The file as a whole
    "empty_file": (_("The file is empty."), _("Choose the file that holds the list.")),
    "too_large": (
        _("The file is larger than %(megabytes)s MB."),
        _("A list of divisions is much smaller; check that this is the right file."),
    ),
    "spreadsheet": (_("This is a spreadsheet or archive, not a CSV file."), SAVE_AS),
    "markup": (
        _("This is a file of another kind (JSON, XML or a web page), not CSV."),
        _("Choose the list of divisions, saved as CSV."),
    ),
    "binary": (_("This is not a text file."), SAVE_AS),
    "utf16": (_("The file is encoded in UTF-16 (“Unicode text”), which is not read."), SAVE_AS),
    "encoding": (
        _("The characters from here on are neither UTF-8 nor GB18030."),
        SAVE_AS,
    ),
    "separator": (
        _("The columns are separated by “%(separator)s” instead of commas."),
        _("Save the file again as CSV separated by commas."),
    ),
    "no_rows": (
        _("There is a header but not one row below it."),
        _("Add the divisions, one in each row."),
    ),
    # Columns
    "column_missing": (
        _("The column “%(column)s” is missing."),
        _("The first row must name the columns; “code” and “name” are required."),
    ),
    "column_misspelt": (
        _("There is no column of this name."),
        _("Probably “%(likely)s” is meant: rename the column."),
    ),
    "column_unknown": (
        _("There is no column of this name."),
        _("Rename or delete the column. Known columns: %(columns)s."),
    ),
    "column_unnamed": (
        _("Column %(number)s has values but no name."),
        _("Name the column or delete it."),
    ),
    "column_twice": (_("This column is there twice."), _("Delete one of the two.")),
    # Rows
    "quote": (
        _("A quotation mark is opened here and not closed properly."),
        _("Delete the quotation mark, or close it at the end of the cell."),
    ),
    "row_short": (
        _("The row has %(cells)s cells, the header has %(columns)s."),
        _("Add what is missing, or the commas for the empty cells."),
    ),
    "row_long": (
        _("The row has %(cells)s cells, the header has %(columns)s."),
        _("Put a cell that contains a comma in quotation marks, or delete what is too much."),
    ),
    # code
    "code_missing": (_("The code is empty."), _("Enter the 12-digit statistical code.")),
    "code_scientific": (_("The spreadsheet program has rounded this code."), TEXT_COLUMN),
    "code_letters": (
        _("A code has only digits."),
        _("Enter the 12-digit statistical code."),
    ),
    "code_length": (
        _("A code has 12 digits, this one has %(digits)s."),
        _("Enter the 12-digit statistical code; fill up with zeros on the right."),
    ),
    "code_province": (
        _("This is the code of a province."),
        _("Delete the row: the list begins with the city."),
    ),
    "code_gap": (
        _("Digits %(digits)s are zero although later digits are not."),
        FROM_LIST,
    ),
    "code_twice": (
        _("This code is already in line %(first)s."),
        _("Delete one of the two rows, or correct its code."),
    ),
    "other_city": (
        _("This row belongs to another city; the file is of %(city)s."),
        _("Import each city with its own file."),
    ),
    "orphan": (
        _("The division above it, %(parent)s, is neither in the file nor in the register."),
        _("Add the row of %(parent)s, or correct the code."),
    ),
    "out_of_reach": (
        _("This is outside the area you are responsible for."),
        _("Delete the row, or ask the office responsible to import it."),
    ),
    # name
    "name_missing": (_("The name is empty."), _("Enter the official name.")),
    "name_long": (
        _("The name has %(characters)s characters; at most %(limit)s fit."),
        _("Shorten the name."),
    ),
    "name_damaged": (
        _("The name contains characters that cannot be read."),
        _("Type the name again, and save the file as CSV UTF-8."),
    ),
    # level, parent
    "level_unknown": (
        _("There is no such level."),
        _("Write city, county, town or village, or delete the column: the code says it."),
    ),
    "level_differs": (
        _("The code is that of a %(level)s."),
        _("Correct the code or the level; the code decides."),
    ),
    "parent_differs": (
        _("By its code it belongs to %(parent)s."),
        _("Correct the code or the parent; the code decides."),
    ),
    # figures
    "class_unknown": (
        _("There is no such urban-rural class."),
        _("Use one of %(classes)s, or leave the cell empty."),
    ),
    "number_letters": (
        _("This is not a whole number."),
        _("Write digits only, without separators or units; leave empty what is not known."),
    ),
    "number_negative": (
        _("A count cannot be negative."),
        _("Correct it; leave empty what is not known."),
    ),
    "number_large": (
        _("This is more than is possible (%(limit)s)."),
        _("Correct it; the unit is one person, household or group, not ten thousand."),
    ),
    # coordinates
    "coordinate_letters": (
        _("This is not a number of degrees."),
        _("Write decimal degrees such as 113.226, or leave the cell empty."),
    ),
    "coordinate_range": (
        _("This is outside China (%(low)s to %(high)s degrees)."),
        _("Write decimal degrees such as 113.226 and 35.241."),
    ),
    "coordinate_swapped": (
        _("Longitude and latitude seem to be swapped."),
        _("In China the longitude is 73 to 136, the latitude 3 to 54."),
    ),
    "coordinate_alone": (
        _("Longitude and latitude belong together; one of them is empty."),
        _("Fill in both, or leave both empty."),
    ),
    # Against what is in the register
    "parent_ended": (
        _("The division above it, %(parent)s, has ended."),
        _("Add the row of %(parent)s to re-open it, or correct the code."),
    ),
    "still_in_force": (
        _(
            "%(name)s cannot be ended: below it %(divisions)s divisions, %(grids)s grids,"
            " %(hobby_grids)s hobby grids and %(appointments)s appointments are in force."
        ),
        _("End or move them first, or import without ending what is absent."),
    ),
    "begins_later": (
        _("%(name)s is in force only from %(day)s and cannot end before."),
        _("Choose a later day, or import without ending what is absent."),
    ),
    # Outlines
    "not_geojson": (
        _("This is not a GeoJSON file with a list of features."),
        _("Export the boundaries as GeoJSON (FeatureCollection) in UTF-8."),
    ),
    "outline_unknown": (
        _("There is no division with this code in the register."),
        _("Import the list of divisions first, or correct the code."),
    ),
    "outline_twice": (
        _("This division has two features in the file."),
        _("Join them to one MultiPolygon."),
    ),
    "outline_kind": (
        _("The geometry is neither a Polygon nor a MultiPolygon."),
        _("Delete the feature, or draw it as an area."),
    ),
    "outline_invalid": (
        _("The boundary is not a valid area (%(why)s)."),
        _("Repair it in a map program; a boundary must not cross itself."),
    ),
    "outline_range": (
        _("The boundary lies outside China."),
        _("Export it in degrees, longitude before latitude."),
    ),
}
