using Marketplace.DiskImages;
using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.Trees;

namespace Marketplace.Requirements.Systems.Firewall;

/// <summary>
/// Rules of an nftables script (nft(8)): what stands in a chain besides its hook, policy and comment, a policy that drops, and
/// <c>add rule</c> or <c>insert rule</c>. <c>include</c> is followed; tables, empty chains, sets and comments are no rules.
/// </summary>
internal static class NftRuleset
{
    private const int MaxBytes = 1 << 20;
    private const int MaxFiles = 64;
    private const int MaxDepth = 16; // nft, MAX_INCLUDE_DEPTH

    /// <summary>The first rule, or null.</summary>
    /// <exception cref="DiskFormatException">A file cannot be read, or includes nest too deep.</exception>
    public static (string Path, int Line, string Text)? FindRule(FileTree tree, string path)
    {
        int files = 0;
        return Find(tree, path, ref files, depth: 0);
    }

    private static (string Path, int Line, string Text)? Find(FileTree tree, string path, ref int files, int depth)
    {
        if (++files > MaxFiles || depth > MaxDepth)
        {
            throw new DiskFormatException(DiskFormatErrorKind.Unsupported, FileName.ToDisplay(path), -1, "too many or too deeply nested includes");
        }

        Stack<string> blocks = new();
        foreach (TextLine line in TextLines.Of(tree.ReadAllText(path, MaxBytes) ?? ""))
        {
            string text = WithoutComment(line.Text);
            for (int at = 0; at < text.Length;)
            {
                int length = text.AsSpan(at).IndexOfAny('{', '}', ';');
                string statement = (length < 0 ? text.AsSpan(at) : text.AsSpan(at, length)).Trim().ToString();
                char mark = length < 0 ? ';' : text[at + length];
                at = length < 0 ? text.Length : at + length + 1;
                string[] words = statement.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
                if (words is ["include", .. var patterns] && patterns.Length > 0)
                {
                    if (++files > MaxFiles)
                    {
                        // A pattern may list many directories and match nothing.
                        throw new DiskFormatException(DiskFormatErrorKind.Unsupported, FileName.ToDisplay(path), -1, "too many includes");
                    }

                    string pattern = string.Join(' ', patterns).Trim('"', '\'');
                    foreach (string included in Glob.Expand(tree, pattern.StartsWith('/') ? pattern : "/etc/" + pattern).Where(tree.FileExists))
                    {
                        if (Find(tree, included, ref files, depth + 1) is { } found)
                        {
                            return found;
                        }
                    }
                }
                else if (IsRule(words, blocks))
                {
                    return (path, line.Number, line.Text);
                }

                if (mark == '{')
                {
                    blocks.Push(words.FirstOrDefault(word => word is "table" or "chain" or "set" or "map" or "flowtable") ?? "");
                }
                else if (mark == '}')
                {
                    blocks.TryPop(out _);
                }
            }
        }

        return null;
    }

    private static bool IsRule(string[] words, Stack<string> blocks)
    {
        if (words is ["add" or "insert" or "replace", "rule", ..] or ["policy", "drop", ..])
        {
            return true;
        }

        return blocks.TryPeek(out string? block) && block == "chain" && words.Length > 0 && words[0] is not ("type" or "policy" or "comment" or "device" or "devices" or "flags");
    }

    private static string WithoutComment(string line)
    {
        bool quoted = false;
        for (int i = 0; i < line.Length; i++)
        {
            quoted ^= line[i] == '"';
            if (line[i] == '#' && !quoted)
            {
                return line[..i];
            }
        }

        return line;
    }
}
