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
# 包年包月转按量计费
by-use = 转按量计费
by-use-hint = 退回未使用部分的款项，资源继续运行，按量计费。不会停机。
by-use-sub = 现在将 { $name } 转为按量计费可退回的金额，以及之后的费用。尚未变更。
by-use-not = 计费方式保持不变
by-use-then-on = 资源不间断运行：不再有到期日，无需续费，可随时释放。
by-use-then-tiers = 按量计费从那一秒开始，价格从第一档起算。
by-use-then-raises = 按日期的升级随之结束：恢复原配置，其剩余天数的费用退回。
by-use-then-whole = 无论多早都会扣除已使用部分；代金券支付的部分不退回。
by-use-holds = 运行期间将冻结余额 { $money }。
by-use-day = 按现有配置每天 { $money }，不含流量和资源包。
by-use-now = 立即转换
