forecast-for = { $month }预测
about = 约
so-far = 截至目前
forecast-hint = 假如现有资源保持现状
forecast-rule = 预测为已出账金额，加上现有资源保持现状直至月底的费用。流量等按用量计量的部分，只计入已上报的用量。
forecast-of-one = 假如保持现状；按用量计量的部分只计入已上报的用量
billed-and-open = 已出账 { $billed }，未出账 { $open }
