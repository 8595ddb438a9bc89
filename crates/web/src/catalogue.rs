//! Every code of a problem: what class it is of, what it is called and what to do about it, in English and in Chinese.
//!
//! In:  a code. Out: its class and its texts.
//! Invariant: a code without a class or without a text in each language does not compile. The exact sentence of a problem,
//! its detail, is not here.

use super::class::{Class, Own};
use desk::Code;

/// What a code is called, and what to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    pub title: &'static str,
    pub remedy: &'static str,
}

/// The class and the texts of each code of a set.
macro_rules! catalogue {
    ($(#[doc = $doc:literal])* $name:ident of $kind:ident: $(
        $code:ident $class:ident: $title:literal, $remedy:literal; $zh_title:literal, $zh_remedy:literal;
    )*) => {
        $(#[doc = $doc])*
        pub(super) const fn $name(code: $kind) -> (Class, [Words; 2]) {
            match code {$(
                $kind::$code => (Class::$class, [
                    Words { title: $title, remedy: $remedy },
                    Words { title: $zh_title, remedy: $zh_remedy },
                ]),
            )*}
        }
    };
}

catalogue! {
    /// What the till refuses.
    refused of Code:
    UnknownProduct Impossible: "No such product", "Choose one of those that the detail lists";
        "没有这个产品", "请从 detail 列出的产品中选择";
    UnknownOption Impossible: "No such option", "Choose one of the options that the detail lists";
        "没有这个选项", "请从 detail 列出的选项中选择";
    UnknownUsage Impossible: "Nothing reads such usage", "Name a meter that a component of an item reads";
        "没有组件读取该用量", "请填写所选产品的组件会读取的计量项";
    OptionMissing Impossible: "An option is missing", "Give it; the detail lists what may be chosen";
        "缺少选项", "请补上该选项，可选的值见 detail";
    OptionNotOnSale Impossible: "Not on sale", "Choose one of those that the detail lists";
        "该选项不在售", "请从 detail 列出的值中选择";
    OptionOutOfRange Impossible: "Out of range", "Choose a number in the range that the detail names";
        "超出范围", "请在 detail 所述范围内取值";
    OptionDoesNotApply Impossible: "The option does not apply", "Leave it out, or make the choices that it goes with";
        "选项不适用", "请去掉该选项，或改选与之相配的选项";
    QuantityOutOfRange Impossible: "Too many or too few pieces", "Order in several purchases";
        "数量超出范围", "请分几次购买";
    MonthsInvalid Impossible: "Not sold for so many months", "Choose one of the numbers that the detail lists";
        "购买月数无效", "请从 detail 列出的月数中选择";
    QuotaExceeded State: "Over the quota", "Release some, or ask the operator for more";
        "超出配额", "请释放部分资源，或向运营方申请提高配额";
    NotVerified State: "The account is not verified", "Have the account verified";
        "账户未实名认证", "请先完成账户认证";
    InArrears Unpaid: "The account is in arrears", "Top up what is owed";
        "账户欠费", "请先充值还清欠款";
    PriceChanged Taken: "The price changed", "Ask for a new quote";
        "价格已变动", "请重新询价";
    TokenReused Impossible: "The token was used for another purchase", "Use a new token";
        "该标识已用于另一笔购买", "请换用新的标识";
    NeedPayTogether Impossible: "Orders of one purchase are paid together", "Pay all of them at once";
        "同一笔购买的订单须一并支付", "请一次支付全部订单";
    BalanceInsufficient Unpaid: "Not enough money", "Top up, or buy less";
        "余额不足", "请充值，或减少购买";
    OrderTimedOut Taken: "The order was not paid in time", "Place it again";
        "订单超时未支付", "请重新下单";
    CardNotForHolds Impossible: "No card pays for this", "Top up by card, then pay out of the balance";
        "该订单不能用银行卡支付", "请先用银行卡充值，再用余额支付";
    CardsOff State: "Cards are not taken here", "Pay by bank transfer, or ask the operator";
        "此处不支持银行卡", "请用银行转账，或联系运营方";
    CardEnded Taken: "The card was taken away", "Choose another";
        "该银行卡已移除", "请选择其他银行卡";
    CardOfAnother Impossible: "The card belongs to another account", "Use one of your own";
        "该银行卡属于其他账户", "请使用本账户的银行卡";
    CardTokenUsed Taken: "The card is there already", "Choose it among your cards";
        "该银行卡已添加", "请在已有的银行卡中选择";
    CardTokenInvalid Impossible: "No such card at the gateway", "Add it once more, from the card form";
        "支付网关没有这张银行卡", "请通过卡片表单重新添加";
    CardDeclined Unpaid: "The card was declined", "Use another card, or ask its bank";
        "银行卡被拒绝", "请换一张卡，或咨询发卡银行";
    AmountBelowMinimum Impossible: "Too little for a card", "Pay more by card, or all of it out of the balance";
        "金额低于银行卡支付下限", "请提高银行卡支付的金额，或全部用余额支付";
    TooManyCards State: "Too many cards", "Take one away first";
        "银行卡过多", "请先移除一张";
    PaymentStateRefused State: "The payment does not take this step", "Look at the payment; the detail says what it takes";
        "支付当前状态不允许此操作", "请查看该笔支付，detail 说明了可做的操作";
    GatewayUnavailable Away: "The gateway for cards does not answer", "Ask again shortly, with the same Idempotency-Key";
        "银行卡支付网关无响应", "请稍后用相同的 Idempotency-Key 重试";
    SignatureInvalid Malformed: "The signature is not the gateway's", "Check the secret of the webhook";
        "签名不是支付网关的", "请检查 webhook 的密钥";
    SignatureOld Malformed: "The signature is too old", "Send it anew; check the clock of this node";
        "签名已过期", "请重新发送，并检查本节点的时钟";
    StatementInvalid Impossible: "The statement cannot be read", "Send camt.053, or CSV with the columns that docs/payments.md lists";
        "无法读取对账单", "请提交 camt.053 或含规定列的 CSV";
    StatementUnbalanced Impossible: "The statement is not whole", "Ask the bank for another";
        "对账单余额不符", "请向银行重新索取";
    BankEntryStateRefused State: "The entry is decided already, or went back to its payer", "Look at the entry; a mistake is put right by a correction";
        "该笔入账已处理，或已退回付款人", "请查看该笔入账；如有错误请做更正";
    AccountNotNamed Impossible: "The entry names no account", "Say whose it is";
        "该笔入账未注明账户", "请指定账户";
    OrderStateRefused State: "The order does not take this step", "Look at the order; the detail says what it takes";
        "订单当前状态不允许此操作", "请查看订单，detail 说明了可做的操作";
    PackOver Impossible: "The pack would have ended already", "Choose a later month";
        "资源包届时已过期", "请选择更晚的月份";
    PackMonthInvalid Impossible: "Not a month that a pack may begin in", "Write a month of the coming year, like 2026-08";
        "资源包起始月份无效", "请填写未来一年内的月份，如 2026-08";
    PackSizeInvalid Impossible: "The size of the pack is no number", "Have the product mended in the price book";
        "资源包规格无效", "请让运营方修正价目表中的该产品";
    ResourceStateRefused State: "The resource does not take this step", "Do what the detail says first";
        "资源当前状态不允许此操作", "请先按 detail 的说明处理";
    PrepaidNotChangeable Impossible: "This change is to be paid for", "Order it: POST /v1/changes";
        "该变更需要付费", "请下单变更：POST /v1/changes";
    PrepaidNotLowered Impossible: "What is prepaid is not lowered", "Keep it, or buy another";
        "预付费资源不能降配", "请保持现有配置，或另行购买";
    ResourceExpired State: "Its deadline has passed", "Renew it first";
        "资源已到期", "请先续费";
    NothingChanged Impossible: "Nothing would be another", "Name an option with another value";
        "配置没有变化", "请选择不同的配置";
    PrepaidNotReleasable Impossible: "What is prepaid lives until its deadline", "Leave it";
        "预付费资源在到期前不能释放", "无需操作，到期后自动处理";
    NotPrepaid Impossible: "What is paid by use is neither renewed nor refunded", "Renew or refund only what is prepaid";
        "按量计费资源无需续费，也不能退款", "请仅对包年包月资源续费或退款";
    AlreadyPrepaid Taken: "It is prepaid already", "Renew it to have it for longer";
        "该资源已是包年包月", "如需延长请续费";
    NotConvertible Impossible: "What is paid by use of this product, or with these options, does not become prepaid", "Buy another that is prepaid";
        "该产品或该配置的按量计费资源不支持转为包年包月", "请另行购买包年包月资源";
    NotRefundable Impossible: "This product is not refunded", "Use it to its end";
        "该产品不支持退款", "请使用至到期";
    RefundExpired Taken: "What has expired is not refunded", "Renew it, or let it end";
        "已到期的资源不能退款", "请续费，或任其到期释放";
    AlreadyRefunded Taken: "It was refunded before", "Look at that refund; buy another if it is needed";
        "该资源已退款", "请查看退款记录；如仍需使用请另行购买";
    RefundTooLate Taken: "It was to be refunded earlier", "Use it to its deadline";
        "已超过可退款的期限", "请使用至到期";
    RefundLimit Taken: "The refunds of the account in this time are made", "Use it to its deadline, or ask the operator";
        "账户在此期间的退款次数已用完", "请使用至到期，或联系运营方";
    NothingPaid State: "Nothing was paid for it", "Leave it, or wait until it is paid";
        "该资源没有已支付的款项", "无需操作，或等待支付完成";
    PackBegun Taken: "The pack has begun", "Use it up; only a pack that has not begun is refunded";
        "资源包已生效", "请继续使用；仅未生效的资源包可退款";
    RefundLess State: "Less goes back than was expected", "Ask for a new quote and look at it again";
        "可退金额少于预期", "请重新获取退款报价";
    VoucherOutOfScope Impossible: "The voucher does not pay for this", "Choose another voucher, or none";
        "代金券不适用于此订单", "请改选其他代金券，或不使用代金券";
    VoucherOutOfTime Taken: "The voucher is not in its time", "Choose another voucher, or none";
        "代金券不在有效期内", "请改选其他代金券，或不使用代金券";
    VoucherUsedUp Taken: "Nothing is left of the voucher", "Choose another voucher, or none";
        "代金券已用完", "请改选其他代金券，或不使用代金券";
    VoucherInUse State: "Another purchase holds the voucher", "Pay or cancel that purchase, or choose another voucher";
        "代金券已被其他订单占用", "请先支付或取消该订单，或改选其他代金券";
    VoucherBelowMinimum Impossible: "The order comes to less than the voucher needs", "Order more, or choose another voucher";
        "订单金额未达到代金券的最低消费", "请增加订购，或改选其他代金券";
    VoucherStateRefused State: "The voucher does not take this step", "Look at where it stands";
        "代金券当前状态不允许此操作", "请查看代金券的状态";
    VoucherInvalid Impossible: "The voucher cannot be as it is said", "Change what the detail names";
        "代金券内容无效", "请按 detail 的说明修改";
    TooManyVouchers Impossible: "More vouchers than an order takes", "Choose as many as the detail says, or fewer";
        "代金券数量过多", "请按 detail 所述数量选择";
    PromotionCodeInvalid Impossible: "The promotion code cannot be as it is said", "Change what the detail names";
        "优惠码内容无效", "请按 detail 的说明修改";
    PromotionCodeTaken State: "There is such a promotion code already", "Choose another word";
        "优惠码已存在", "请换用其他优惠码";
    PromotionCodeUnknown Impossible: "There is no such promotion code", "Look at how it is written";
        "没有这个优惠码", "请核对优惠码";
    PromotionCodeOutOfTime State: "The promotion code is not in its time", "Use another code, or come again when it begins";
        "优惠码不在有效期内", "请使用其他优惠码，或在生效后再试";
    PromotionCodeUsedUp Taken: "The promotion code is used up", "Use another code";
        "优惠码已兑完", "请使用其他优惠码";
    PromotionCodeRedeemed Taken: "The account redeemed this promotion code before", "Look at its vouchers";
        "该账户已兑换过此优惠码", "请查看账户的代金券";
    RenewalTooLate Taken: "It was to be renewed earlier", "Buy another";
        "已超过可续费的期限", "请另行购买";
    UnpaidOrder State: "An order for it waits for its payment", "Pay that order, or cancel it";
        "该资源有未支付的订单", "请先支付或取消该订单";
    NamedTwice Impossible: "A resource is named twice", "Name each resource once";
        "资源重复", "每个资源只填一次";
    ExpiryDayInvalid Impossible: "No day of a month", "Choose one of 1 to 31";
        "日期无效", "请填写 1 至 31";
    NoStopDaysInvalid Impossible: "Not so many days", "Choose 0 to 60";
        "天数无效", "请填写 0 至 60";
    OptionFixed Impossible: "This option does not change while the resource lives", "Buy another resource";
        "该选项在资源存续期间不能变更", "请另行购买资源";
    OptionOnlyRaised Impossible: "This option is only raised", "Keep it, or buy another resource";
        "该选项只能调高", "请保持现值，或另行购买资源";
    ServiceStateRefused State: "The service is so already", "Nothing is left to do";
        "服务已处于该状态", "无需操作";
    NameTaken State: "The name is taken", "Choose another name";
        "名称已被占用", "请换用其他名称";
    ProjectInUse State: "Resources still live in the project", "Release them, or put them into another project";
        "项目中仍有资源", "请释放这些资源，或将其移到其他项目";
    TaskStateRefused State: "The task does not take this step", "Ask for the tasks again; destroy what was made for a delivery that is over";
        "任务当前状态不允许此操作", "请重新获取任务；已作废的交付请销毁所建资源";
    AttemptUnknown Impossible: "No such attempt was made", "Send the attempt that the task says";
        "没有这次尝试", "请填写任务中的 attempt";
    AnswerInvalid Impossible: "The answer has parts that cannot be kept", "Send less, as the detail says";
        "应答内容无效", "请按 detail 的说明精简内容";
    AmountInvalid Impossible: "Not an amount", "Write it like 12.50, above zero";
        "金额无效", "请写成 12.50 这样大于零的数";
    AmountTooLarge Impossible: "Too large", "Use a smaller one; look at the meter";
        "数值过大", "请减小数值，并检查计量来源";
    CurrencyMismatch Impossible: "Another currency", "Use the currency of the account";
        "币种不符", "请使用账户的币种";
    CurrencyNeeded Impossible: "In which currency?", "Add `currency`, one of those that the detail lists";
        "未指定币种", "请在 currency 中填写 detail 所列的币种之一";
    TimeInvalid Impossible: "Not a time that can be used here", "Write it like 2026-05-05T12:30:30Z; check the sender's clock";
        "时间无效", "请写成 2026-05-05T12:30:30Z 的形式，并检查发送方的时钟";
    Conflict Taken: "The same name says something else already", "Use a new one, or send exactly what was sent before";
        "同一标识已用于不同内容", "请换用新的标识，或原样重发";
    ReasonMissing Impossible: "A correction says why", "Write a reason of 1 to 500 characters";
        "缺少更正理由", "请写明理由，1 至 500 字";
    IdInvalid Impossible: "Not an id", "Choose 1 to 255 visible ASCII characters, such as the number of a ticket";
        "编号无效", "请用 1 至 255 个可见 ASCII 字符，如工单号";
    FieldInvalid Impossible: "A field does not go with this kind", "Send what /docs/corrections says of the kind";
        "字段与更正种类不符", "请按 /docs/corrections 对该种类的说明填写";
    CreditTooLarge Impossible: "More than is left to credit", "Credit at most what the detail says";
        "退款超过可退金额", "退款不得超过 detail 所述金额";
    NotCorrectable Impossible: "This bill is not corrected", "Name the bill that it is against; lines count from 0";
        "该账单不能更正", "请指明原账单；明细行从 0 开始计数";
    TooLate Impossible: "Too long ago", "Credit or debit a bill instead";
        "时间过久", "请改为对账单退款或补收";
    AddressRefused Impossible: "This address is not called", "Use an https address of the public internet";
        "不允许回调该地址", "请使用公网的 https 地址";
    UnknownEventKind Impossible: "No such kind of event for this webhook", "Choose kinds of /docs/webhooks";
        "该回调没有这种事件", "请从 /docs/webhooks 列出的种类中选择";
    TooManyWebhooks State: "Too many webhooks", "Delete one first";
        "回调数量已达上限", "请先删除一个";
    CloudWebhookRefused Impossible: "A webhook for the cloud is the operator's", "Leave `for` out";
        "云侧回调只能由运营方创建", "请去掉 for";
    WebhookDisabled State: "The webhook is disabled", "Enable it first";
        "回调已停用", "请先启用";
    NoPriceBook State: "Nothing is sold at this time in this currency", "Ask the operator for a price book of it that begins earlier";
        "此时没有该币种的价目表生效", "请联系运营方应用更早生效的该币种价目表";
    NoPrice Impossible: "No price for these options", "Have the price book mended; `till pricebook check` shows where";
        "这些选项没有价格", "请修正价目表，till pricebook check 会指出位置";
    NotPriceable Impossible: "The price does not fit what was measured", "Mend the price, or check the quantity";
        "价格与用量不匹配", "请修正价格，或检查用量";
    BookInvalid Impossible: "The price book has problems", "Mend what `problems` lists";
        "价目表有错误", "请修正 problems 列出的问题";
    BookDropsLiving State: "The book drops what still lives", "Keep it in the book, with retired = true if nobody is to get it anew";
        "价目表缺少仍在使用的产品", "请保留在价目表中；不再出售的标记 retired = true";
    BookWithheld State: "The book did not begin", "Mend it, or apply it from a later date";
        "价目表未能生效", "请修正，或改为更晚的生效时间";
    BookTooEarly Impossible: "Bills up to later are made", "Name a later date";
        "该时间之后已出账", "请指定更晚的生效时间";
    BookIncompatible Impossible: "Another zone than the books before", "Keep it";
        "时区与此前价目表不同", "请保持时区不变";
    BookInForce Taken: "The book began already", "Apply another book from now on";
        "价目表已生效", "请从现在起应用另一本价目表";
    KeyScopesInvalid Impossible: "These scopes do not go together", "Make two keys";
        "密钥权限组合无效", "请分别创建两个密钥";
    TooManyTags Impossible: "Too many tags", "Take some away";
        "标签过多", "请删去一些标签";
    InstallationKey Away: "This node has another installation's key, or none", "Give every node the same key";
        "本节点的安装密钥不同或缺失", "请为所有节点配置同一个安装密钥";
    TooManyKeys State: "Too many keys of this account", "End one that is not used any more";
        "账户密钥数量已达上限", "请先终止不再使用的密钥";
    KeyExceeds Impossible: "The key would exceed the one that makes it", "Ask for less, or use another key";
        "新密钥超出创建者的权限", "请缩小权限范围，或换用另一个密钥";
    KeyEnded Taken: "The key has ended", "Make another one";
        "密钥已终止", "请另建一个密钥";
    NetworkInvalid Impossible: "No address or network", "Write it like 203.0.113.7 or 203.0.113.0/24";
        "地址或网段无效", "请写成 203.0.113.7 或 203.0.113.0/24 的形式";
    OwnKey Impossible: "A key does not end itself", "End it with another key";
        "密钥不能终止自己", "请用另一个密钥终止它";
    IdempotencyKeyReused Impossible: "The Idempotency-Key was used for another request", "Use a new one, or send exactly what was sent before";
        "该 Idempotency-Key 已用于另一请求", "请换用新的，或原样重发";
    NotFound Missing: "There is no such thing, or it is not yours", "Check the name or id; `after` takes the `next` of a page";
        "不存在，或不属于您", "请检查名称或编号；after 应为上一页的 next";
    TryAgain Passing: "Somebody else changed the same thing meanwhile", "Do it again";
        "同一对象刚被他人修改", "请重试";
    DataCorrupt Broken: "A stored value cannot be read", "Run `till verify`, restore a backup";
        "存储的数据无法读取", "请运行 till verify，并从备份恢复";
    DatabaseFull Away: "The database has no room left", "Make room, then ask again";
        "数据库空间已满", "请腾出空间后重试";
    DatabaseUnavailable Away: "The database does not answer", "Ask again shortly, a write with the same Idempotency-Key";
        "数据库无响应", "请稍后重试；写操作请沿用同一个 Idempotency-Key";
    ClockBehind Away: "The clock of this node is behind", "Set the clock right, or ask another node";
        "本节点时钟落后", "请校准时钟，或改用其他节点";
    MailInvalid Impossible: "This is no mail address", "Write one such as name@example.com, in ASCII";
        "邮箱格式不正确", "请填写形如 name@example.com 的邮箱，只用 ASCII 字符";
    MailTaken Taken: "The mail address is taken", "Take another address";
        "该邮箱已被使用", "请换用其他邮箱";
    MailLineBreak Impossible: "The mail address has a line break in it", "Write it anew, on one line";
        "邮箱中含有换行符", "请在一行内重新填写";
    MailTopicInvalid Impossible: "It is not said what the mail address is for", "Write finance, technical, or both";
        "未说明邮箱的用途", "请填写 finance、technical 或两者";
    MailStateRefused State: "The mail is not dead", "Send again what is dead; what is queued goes by itself";
        "邮件未被放弃", "只能重发已放弃的邮件；排队中的会自动发送";
    MailDuty Impossible: "This mail is sent whatever anybody chooses", "Leave it out";
        "此类邮件必须发送", "请不要选择此类邮件";
    MailLinkInvalid Impossible: "The link is not whole", "Copy all of it, or choose on the page of your mail";
        "链接不完整", "请完整复制，或在邮件设置页中选择";
    TooManyMailAddresses State: "The account has as many mail addresses as it may have", "Take one away first";
        "账户邮箱数量已达上限", "请先移除一个";
    PasswordInvalid Impossible: "The password is too short or too long", "Take 10 to 200 characters";
        "密码长度不符合要求", "密码须为 10 至 200 个字符";
    SignInRefused Unknown: "The mail address or the password is not right", "Try again, or ask for a new link";
        "邮箱或密码不正确", "请重试，或索取新的链接";
    TooManyTries Rushed: "Too many tries", "Wait, then try again";
        "尝试次数过多", "请稍候再试";
    CodeRefused Impossible: "The code is not right", "Take the code that is shown now, or a recovery code";
        "验证码不正确", "请输入当前显示的验证码，或使用恢复码";
    InvitationOver Taken: "The invitation is over", "Ask for another link";
        "邀请链接已失效", "请索取新的链接";
    LastHead State: "One owner or administrator stays", "Make somebody else one first";
        "须保留一名所有者或管理员", "请先指定另一人";
    RoleInvalid Impossible: "There is no such role here", "Choose one of those that the detail lists";
        "没有这个角色", "请从 detail 列出的角色中选择";
    RightMissing Forbidden: "Your role does not allow this", "Ask one who may";
        "您的角色无此权限", "请联系有权限的成员";
    BudgetInvalid Impossible: "The budget is not written as it should be", "Write the field as the detail says";
        "预算填写有误", "请按 detail 的说明填写该字段";
    TooManyBudgets State: "Too many budgets", "Delete one first";
        "预算数量已达上限", "请先删除一个";
    OfferStateRefused Taken: "The offer does not take this step", "Do what the detail says";
        "报价当前状态不允许此操作", "请按 detail 的说明处理";
    OfferInvalid Impossible: "The offer is not written as it should be", "Write the field as the detail says";
        "报价填写有误", "请按 detail 的说明填写该字段";
    SalesRequestStateRefused Taken: "The request does not take this step", "Ask anew";
        "询价当前状态不允许此操作", "请重新询价";
    SalesRequestInvalid Impossible: "The request is not written as it should be", "Write the field as the detail says";
        "询价填写有误", "请按 detail 的说明填写该字段";
    TooManySalesRequests State: "Too many open requests", "Withdraw one first";
        "待处理的询价过多", "请先撤回一个";
    SellerMissing State: "Nobody is named who sells", "An operator applies a file of the sellers: /docs/documents";
        "尚未设置销售方", "请运营方应用销售方文件，见 /docs/documents";
    SellerInvalid Impossible: "The file of the sellers has problems", "Mend what the detail says; `till document check` shows all of it";
        "销售方文件有错误", "请按 detail 修正；till document check 会列出全部问题";
    BillingDetailsMissing State: "It is not said whom the invoice is for", "Fill in the billing details first";
        "尚未填写开票信息", "请先填写开票信息";
    BillingDetailsInvalid Impossible: "A billing detail cannot stand on a document", "Write the field as the detail says";
        "开票信息填写有误", "请按 detail 的说明填写该字段";
    TaxMissing State: "No tax holds for this sale", "Have the operator add it to the file of the sellers";
        "该销售没有适用的税率", "请运营方在销售方文件中补充税率";
    NothingToInvoice State: "Nothing may be invoiced", "Only cash that was consumed is invoiced, once";
        "没有可开票金额", "仅已消费的现金可开票，且只开一次";
    InvoiceableChanged Taken: "Another sum may be invoiced by now", "Look at it once more, then ask anew";
        "可开票金额已变动", "请重新查看后再申请";
    StatementNotFinal State: "The month is not final yet", "Ask on the day that the detail names, or later";
        "该月账单尚未定稿", "请在 detail 所述日期或之后再申请";
    StatementEmpty Impossible: "Nothing was billed in this month", "Name a month with bills";
        "该月没有账单", "请选择有账单的月份";
    DocumentKindRefused Impossible: "Not for a document or payment of this kind", "Do what the detail says";
        "不适用于该类单据或款项", "请按 detail 的说明处理";
    FontMissing Away: "This node has no font for the document", "Install one, such as Debian's fonts-noto-cjk, or name one with --document-font";
        "本节点缺少单据所需字体", "请安装字体（如 Debian 的 fonts-noto-cjk），或用 --document-font 指定";
    SecondFactorState State: "The second factor does not stand like that", "Look at Sign-in and security";
        "两步验证状态不符", "请查看“登录与安全”";
}

catalogue! {
    /// What the API refuses by itself.
    own of Own:
    MalformedRequest Malformed: "The request is not what the document asks for", "Send what /openapi.json says";
        "请求不符合接口文档", "请按 /openapi.json 的要求发送";
    Unauthorized Unknown: "No key, or one that does not hold", "Send `Authorization: Bearer till_live_…`";
        "缺少密钥，或密钥无效", "请发送 Authorization: Bearer till_live_…";
    ScopeMissing Forbidden: "The key may not do this", "Use a key with the scope that the detail names";
        "密钥没有此权限", "请使用具有 detail 所述权限的密钥";
    AccountNeeded Forbidden: "An operator's key is about no account", "Name one with the header Till-Account";
        "运营方密钥未指明账户", "请用请求头 Till-Account 指明账户";
    KeyAddressRefused Forbidden: "The key may not be used from here", "Use it from an address that it is bound to, or use another key";
        "密钥不可从此地址使用", "请从密钥绑定的地址使用，或换用另一个密钥";
    JobsLate Away: "Jobs of this node are late", "Look into the log; another node does them when this one does not";
        "本节点的后台任务已延迟", "请查看日志；其他节点会接手";
    MethodNotAllowed NoMethod: "The path does not take this method", "Use one of those in `Allow`";
        "该路径不支持此方法", "请使用 Allow 列出的方法";
    TooLarge Large: "The body is too large", "Send less at once";
        "请求体过大", "请分批发送";
    UnsupportedMediaType Media: "The body is of another type", "Say in Content-Type what the document names";
        "请求体类型不符", "请按文档设置 Content-Type";
    RateLimited Rushed: "Called too often", "Wait as long as Retry-After says";
        "调用过于频繁", "请按 Retry-After 等待后重试";
    InternalError Broken: "Something failed inside", "Ask again with the same Idempotency-Key; tell the operator the x-request-id";
        "内部错误", "请用同一个 Idempotency-Key 重试，并将 x-request-id 告知运营方";
    Busy Away: "Too many requests wait", "Wait as long as Retry-After says; the same Idempotency-Key does it once";
        "排队请求过多", "请按 Retry-After 等待后重试；同一个 Idempotency-Key 只会执行一次";
    TimedOut Away: "This took too long", "Ask again with the same Idempotency-Key; for reads, ask for less at once";
        "处理超时", "请用同一个 Idempotency-Key 重试；查询请缩小范围";
    NoTestClock Taken: "The time of this server passes by itself", "Start it with --test-clock";
        "该服务器的时间自行推进", "请以 --test-clock 启动";
}
