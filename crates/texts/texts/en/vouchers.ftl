# Vouchers and promotion codes.

vouchers = Vouchers
