using System.Globalization;
using Marketplace.DiskImages;
using Marketplace.DiskImages.Trees;

namespace Marketplace.Requirements.Systems.Accounts;

/// <summary>Reads /etc/passwd and /etc/shadow (passwd(5), shadow(5)).</summary>
internal static class AccountReader
{
    private const string PasswdPath = "/etc/passwd";
    private const string ShadowPath = "/etc/shadow";
    private const int MaxBytes = 4 * 1024 * 1024;
    private const int MaxAccounts = 20_000;

    /// <summary>The accounts in the order of /etc/passwd; null when there is no /etc/passwd.</summary>
    public static IReadOnlyList<Account>? Read(FileTree tree) =>
        tree.ReadAllText(PasswdPath, MaxBytes) is { } passwd ? Parse(passwd, tree.ReadAllText(ShadowPath, MaxBytes)) : null;

    /// <summary>Parses the two texts.</summary>
    /// <param name="passwd">/etc/passwd.</param>
    /// <param name="shadow">/etc/shadow; null when there is none.</param>
    public static IReadOnlyList<Account> Parse(string passwd, string? shadow)
    {
        Dictionary<string, (PasswordState State, int Line)> shadowed = new(StringComparer.Ordinal);
        foreach (TextLine line in TextLines.Of(shadow ?? ""))
        {
            // The first entry of a name counts, as getspnam has it; both readers of the C library skip blanks before a name.
            if (line.Text.TrimStart().Split(':') is [{ Length: > 0 } name, var hash, ..])
            {
                shadowed.TryAdd(name, (StateOf(hash), line.Number));
            }
        }

        List<Account> accounts = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (TextLine line in TextLines.Of(passwd))
        {
            if (line.Text.TrimStart().Split(':') is not [{ Length: > 0 } name, var field, var uid, _, ..] fields ||
                name[0] is '#' or '+' or '-' || !uint.TryParse(uid, NumberStyles.None, CultureInfo.InvariantCulture, out uint userId) || !names.Add(name))
            {
                continue;
            }

            if (accounts.Count == MaxAccounts)
            {
                throw new DiskFormatException(DiskFormatErrorKind.Unsupported, PasswdPath, -1, $"more than {MaxAccounts} accounts");
            }

            bool inShadow = field == "x" || (field.Length > 0 && field[0] == '*' && shadowed.ContainsKey(name));
            (PasswordState state, int passwordLine) = inShadow
                ? shadowed.GetValueOrDefault(name, (PasswordState.Locked, 0))
                : (StateOf(field), line.Number);
            accounts.Add(new Account(
                name,
                userId,
                fields.Length > 5 ? fields[5] : "",
                fields.Length > 6 && fields[6].Trim().Length > 0 ? fields[6].Trim() : "/bin/sh",
                state,
                inShadow ? ShadowPath : PasswdPath,
                passwordLine));
        }

        return accounts;
    }

    private static PasswordState StateOf(string field) => field switch
    {
        "" => PasswordState.Empty,
        "x" => PasswordState.Locked,
        _ when field.Contains('*', StringComparison.Ordinal) || field.Contains('!', StringComparison.Ordinal) => PasswordState.Locked,
        _ => PasswordState.Usable,
    };
}
