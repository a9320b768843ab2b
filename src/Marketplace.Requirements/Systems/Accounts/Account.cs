namespace Marketplace.Requirements.Systems.Accounts;

/// <summary>What the password field of an account allows.</summary>
internal enum PasswordState
{
    /// <summary>No password fits: the field has <c>*</c> or <c>!</c>, or the account has no shadow entry.</summary>
    Locked,

    /// <summary>A hash that some password fits.</summary>
    Usable,

    /// <summary>The field is empty: anyone may log in.</summary>
    Empty,
}

/// <summary>An account of /etc/passwd with what /etc/shadow says about its password. The hash itself is never kept.</summary>
/// <param name="Name">The name.</param>
/// <param name="UserId">The number.</param>
/// <param name="Home">The home directory; empty when none is given.</param>
/// <param name="Shell">The login shell; <c>/bin/sh</c> when none is given.</param>
/// <param name="Password">What the password field allows.</param>
/// <param name="PasswordPath">The file that decides: /etc/passwd or /etc/shadow.</param>
/// <param name="PasswordLine">Its line.</param>
internal sealed record Account(string Name, uint UserId, string Home, string Shell, PasswordState Password, string PasswordPath, int PasswordLine)
{
    private static readonly string[] NoLoginShells = ["nologin", "false", "sync", "shutdown", "halt", "true", "git-shell"];

    /// <summary>Whether the account is root, whose password the agent can delete: by name, as there can be others of the same number.</summary>
    public bool IsRoot => Name == "root";

    /// <summary>Whether its shell lets people in.</summary>
    public bool CanLogIn => !NoLoginShells.Contains(Shell[(Shell.LastIndexOf('/') + 1)..]);

    /// <summary>Whether it is a person's account by the usual ranges (login.defs: UID_MIN 1000, UID_MAX 60000).</summary>
    public bool IsHuman => UserId is >= 1000 and <= 60000;
}
