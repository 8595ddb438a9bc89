# Signing in by an OpenID provider.
oidc-or = or
# $name (String) - what the provider is called
oidc-sign-in = Sign in with { $name }
# $name (String) - what the provider is called
oidc-away = { $name } cannot be reached just now. It is tried again: open this page anew in a moment, or sign in with your password.
oidc-refused = You are not signed in
# $name (String) - what the provider is called
oidc-denied-why = { $name } did not confirm who you are, or you said no there. Begin again when you want to.
oidc-state-why = This sign-in is over, was used already, or was begun in another browser. Begin again here.
# $name (String) - what the provider is called
oidc-mail-why = { $name } does not say that your mail address is verified. Have it verified there, then begin again.
# $name (String) - what the provider is called
oidc-nobody-why = { $name } confirmed who you are, and nobody with your mail address signs in here by it. Ask an owner of your account, or your cloud provider, for an invitation.
# $name (String) - what the provider is called
oidc-away-why = { $name } does not answer as it should just now. Try again in a moment, or sign in with your password.
oidc-rushed-why = Too many sign-ins from here went wrong. Wait a quarter of an hour, then begin again.
oidc-back = To the sign-in
# $name (String) - what the provider is called
password-none = You have none: you sign in with { $name }. To have one too, ask for a link.
