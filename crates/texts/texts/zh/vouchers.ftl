# 代金券与优惠码。

vouchers = 代金券
