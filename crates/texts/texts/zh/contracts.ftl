# 客户的合同价。
contract-prices = 合同价
contract-prices-sub = 该客户的某个组件按合同价计费，不再按价目表计费。此前购买和使用的部分价格不变。
no-contract-prices = 暂无合同价
new-contract-price = 新建合同价
agree-contract-price = 确认合同价
end-contract-price = 立即结束
contract-price-is-agreed = 合同价已约定。
contract-price-is-ended = 合同价已结束，此后按价目表计费。
contract-price-take-back = 撤回
contract-price-is-taken-back = 合同价已撤回，不会生效。
contract-price-take-back-this = 撤回 { $contract }
holds-until = 结束时间
contract-price-id = 合同编号
contract-price-from = 生效时间（不填为立即）
contract-price-until = 结束时间（不含）
contract-price-open = 长期有效
contract-component-hint = 选择当前生效价目表中某产品的组件。
contract-options = 仅适用于这些选项
contract-options-hint = 例如 spec=1U1G 或 region=guangzhou|shanghai
contract-above = 仅适用于从此处开始的阶梯
contract-price-instead = 合同价；原价 { $price }
own-a-month = 价格（{ $unit }/月）
own-price = 价格（{ $unit }）
contract-price-end-hint = 此后按价目表计费；此前使用和购买的部分价格不变。
contract-price-end-early = 该合同价尚未生效，结束后不再生效。
contract-price-end-this = 结束 { $contract }
contract-price-since = 自 { $from }

# 客户可欠款的额度
credit-line = 授信额度
credit-line-sub = 客户在欠费之前最多可欠的金额。欠款在约定日期由银行卡自动扣收；可用额度低于零时立即扣收。
credit-limit = 额度（{ $unit }）
credit-limit-hint = 0 表示不授信。额度内不停服，资金不足时可用额度支付订单。
credit-day = 每月扣收日
credit-day-hint = 1 至 28。在该日由银行卡扣收欠款。
credit-collected = { $at } 扣收；可用额度低于零时立即扣收
credit-used = 已用额度
credit-withheld = 自 { $since } 起暂停：欠款扣收失败，还清后恢复。
credit-is-available = 计入可用金额；欠款由您的银行卡扣收
credit-is-included = 含剩余授信额度
credit-used-of = 已用 { $used }
credit-collected-on = { $at } 扣收

# 客户每月的承诺消费
commitment = 承诺消费
commitment-sub = 客户每个自然月最低消费金额。当月不足部分在月结时出账。
commitment-amount = 每月金额（{ $unit }）
commitment-amount-hint = 按当月账单折后金额计算，含代金券支付部分，扣除退款和退还。0 表示不再承诺。
commitment-from = 首月
commitment-from-hint = 例如 2026-07：当月或以后的月份；留空为下个月。
commitment-until = 终止月（不含）
commitment-until-hint = 例如 2027-01；留空则直至另有约定。
commitment-reason = 原因
commitment-ever = 直至另有约定
commitment-until-month = 至 { $month }（不含）
commitment-in = { $month } 应消费
commitment-spent = 已消费
commitment-spent-hint = 已出账金额，不含已使用未出账部分
commitment-missing = 承诺消费差额
commitment-missing-hint = 若不再消费，月结时出账；预测不含此项
commitment-of = { $from } 至 { $to }（不含结束时刻）的出账金额低于约定金额。
