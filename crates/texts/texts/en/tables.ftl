# Lists as CSV.
as-csv = Download as CSV
no-such-list = This list cannot be had like this. Open the page again, and try from there.
