"""Paper catch-up: a week of a village, entered by keyboard from the sheet that hung on the wall."""
