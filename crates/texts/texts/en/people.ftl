# Signing in.
sign-in = Sign in
sign-in-to = Sign in to Cloudtill
password = Password
forgot-password = Forgot your password, or no account yet? Ask an owner of your account, or your cloud provider, for a link.
code = Code
code-hint = Six digits of your authenticator, or a recovery code.
code-asked = Enter your code
sign-in-anew = Sign in as somebody else
set-password = Set your password
# $name (String) - the user
# $mail (String) - the mail address
set-password-for = For { $name }, who signs in as { $mail }.
password-set = Your password is set
new-password = New password
password-hint = At least 10 characters. A few words are easy to keep in mind.

# The page on security.
password-before = Present password
password-ends-others = Changing it ends your other sessions.
change-password = Change password
password-changed = Your password is changed. Your other sessions have ended.
second-factor = Second factor
# $since (String) - when it was set up
second-since = A code is asked for at every sign-in since { $since }.
second-missing = None is set up: whoever knows your password can sign in as you.
begin-second = Set up a second factor
end-second = End the second factor
second-ended = No code is asked for any more.
second-scan = Scan this image with an authenticator.
second-image = Image for the authenticator
second-type = Or type this secret into it:
second-confirm = Enter the code that it shows now.
confirm-second = Ask for codes from now on
second-begun = A code is asked for at every sign-in from now on.
recovery-codes = Recovery codes
recovery-codes-hint = Each takes the place of one code, once, when you have no authenticator at hand. Keep them where only you find them: they are not shown again.
codes-kept = I have kept them
sessions = Sessions
sessions-end = Each ends 12 hours after its beginning, and after 2 hours without use.
browser = Browser
unknown-browser = Unknown browser
last-used = Last used
this-one = this one
end-session = End
session-ended = The session has ended.

# Members and users.
members-sub = Who may sign in here, and as what.
invited = invited
invite = Invite somebody
invite-hint = You get a link for that person, which sets a password once within three days.
# $name (String) - the person
link-made = A link for { $name } is made.
link-hint = Send it to that person only: whoever opens it sets the password. It is not shown again.
new-link = New link to set a password
# $role (String) - what the person becomes
make-role = Make { $role }
end-user = End access

role-owner = Owner
role-buyer = Buyer
role-finance = Finance
role-read-only = Read-only
role-administrator = Administrator
role-sales = Sales
role-support = Support
role-owner-hint = Everything, and who else may sign in
role-buyer-hint = Buys, changes and releases
role-finance-hint = Sees costs and bills, buys nothing
role-read-only-hint = Sees everything, changes nothing
role-administrator-hint = Everything, and who else may sign in
role-sales-hint = Sees customers and acts for them
role-operator-finance-hint = Sees customers and their money
codes-were-shown = Your recovery codes were shown once, and are not shown again. End the second factor and set it up anew for others.
