# 按量计费转包年包月
convert = 转包年包月
convert-hint = 转为包年包月，适合长期运行，价格更低。配置不变，无需重新交付。
convert-until = 现在支付可用至 { $at }
convert-by-use = 按量计费在支付的那一秒结束，此前的用量在下一个整点出账。
convert-frees = 为其用量冻结的 { $money } 将解冻。
convert-no-whole = 转换后的资源不适用五天无理由全额退款。
order-converted = 已转包年包月
convert-not-product = { $product } 按量计费，不支持转包年包月。
convert-not-with = { $with } 时不支持转包年包月，请另购包年包月资源。
convert-not-while = 运行中或已停止时可转包年包月，当前状态：{ $state }。
to-that-order = 查看该订单
