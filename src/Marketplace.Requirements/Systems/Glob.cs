using Marketplace.DiskImages;
using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.Trees;

namespace Marketplace.Requirements.Systems;

/// <summary>File name patterns as glob(3) has them: <c>*</c>, <c>?</c> and <c>[…]</c>, names in lexical order, no hidden files unless asked for.</summary>
internal static class Glob
{
    /// <summary>The most names a pattern may lead to.</summary>
    public const int MaxMatches = 4096;

    /// <summary>The paths that match an absolute pattern, in the order of glob(3).</summary>
    /// <exception cref="DiskImages.DiskFormatException">A directory cannot be read.</exception>
    public static IReadOnlyList<string> Expand(FileTree tree, string pattern)
    {
        List<string> paths = [""];
        foreach (string part in pattern.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            bool isPattern = part.AsSpan().IndexOfAny('*', '?', '[') >= 0;
            List<string> next = [];
            foreach (string path in paths)
            {
                if (!isPattern)
                {
                    next.Add(path + "/" + part);
                    continue;
                }

                next.AddRange(tree.List(path.Length == 0 ? "/" : path)
                    .Where(name => (name[0] != '.' || part[0] == '.') && IsMatch(name, part))
                    .Order(StringComparer.Ordinal)
                    .Take(MaxMatches + 1 - next.Count)
                    .Select(name => path + "/" + name));
                if (next.Count > MaxMatches)
                {
                    // What is left out was not looked at, so the answer would not be one.
                    throw new DiskFormatException(DiskFormatErrorKind.Unsupported, FileName.ToDisplay(pattern), -1, $"the pattern matches more than {MaxMatches} names");
                }
            }

            paths = next;
        }

        return [.. paths.Where(path => path.Length > 0 && tree.Stat(path) is not null)];
    }

    /// <summary>Whether a name matches a pattern. Linear in the product of their lengths.</summary>
    public static bool IsMatch(string name, string pattern)
    {
        int n = 0;
        int p = 0;
        int starPattern = -1;
        int starName = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                starPattern = p++;
                starName = n;
            }
            else if (p < pattern.Length && MatchOne(name[n], pattern, p, out int next))
            {
                p = next;
                n++;
            }
            else if (starPattern >= 0)
            {
                p = starPattern + 1;
                n = ++starName;
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(p).Trim('*').IsEmpty;
    }

    private static bool MatchOne(char c, string pattern, int index, out int next)
    {
        next = index + 1;
        if (pattern[index] == '?')
        {
            return true;
        }

        int close = pattern[index] == '[' ? pattern.IndexOf(']', Math.Min(index + 2, pattern.Length)) : -1;
        if (close < 0)
        {
            return pattern[index] == c;
        }

        next = close + 1;
        bool negated = pattern[index + 1] is '!' or '^';
        bool found = false;
        for (int i = index + (negated ? 2 : 1); i < close; i++)
        {
            if (i + 2 < close && pattern[i + 1] == '-')
            {
                found |= c >= pattern[i] && c <= pattern[i + 2];
                i += 2;
            }
            else
            {
                found |= pattern[i] == c;
            }
        }

        return found != negated;
    }
}
