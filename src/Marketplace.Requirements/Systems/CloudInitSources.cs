using Marketplace.DiskImages.Trees;

namespace Marketplace.Requirements.Systems;

/// <summary>
/// The sources cloud-init may take its data from: <c>datasource_list</c> of cloud.cfg and its drop-ins, the last one counts
/// (cloud-init, util.read_conf_with_confd; ds-identify reads the same key).
/// </summary>
/// <param name="Path">The file with the list that counts.</param>
/// <param name="Line">The line of the key, from 1.</param>
/// <param name="Text">That line.</param>
/// <param name="Names">The sources in order.</param>
internal sealed record CloudInitSources(string Path, int Line, string Text, IReadOnlyList<string> Names)
{
    private const string Configuration = "/etc/cloud/cloud.cfg";
    private const string Key = "datasource_list:";
    private const int MaxBytes = 1 << 20;

    /// <summary>Whether the platform is one of them; an empty list means the built-in one, which has it.</summary>
    public bool HasAzure => Names.Count == 0 || Names.Contains("Azure", StringComparer.Ordinal);

    /// <summary>Reads the list; null when none is set, which means the built-in one.</summary>
    public static CloudInitSources? Read(FileTree tree)
    {
        CloudInitSources? last = null;
        foreach (string path in ((IEnumerable<string>)[Configuration])
            .Concat(tree.List(Configuration + ".d").Where(name => name.EndsWith(".cfg", StringComparison.Ordinal)).Select(name => $"{Configuration}.d/{name}")))
        {
            last = Parse(path, tree.ReadAllText(path, MaxBytes) ?? "") ?? last;
        }

        return last;
    }

    /// <summary>Reads the top-level list of one file, in brackets or with an item in each line; null when there is none.</summary>
    public static CloudInitSources? Parse(string path, string text)
    {
        CloudInitSources? last = null;
        string open = "";
        List<string>? items = null;
        foreach (TextLine line in TextLines.Of(text))
        {
            string content = WithoutComment(line.Text);
            if (content.Trim().Length == 0)
            {
                continue;
            }

            if (content.StartsWith(Key, StringComparison.Ordinal))
            {
                items = [];
                last = new CloudInitSources(path, line.Number, line.Text, items);
                open = content[Key.Length..].Trim();
            }
            else if (open.Length > 0 && items is not null)
            {
                open += " " + content.Trim();
            }
            else if (items is not null && content.TrimStart().StartsWith('-'))
            {
                items.Add(Unquote(content.TrimStart()[1..]));
                continue;
            }
            else
            {
                items = null;
                continue;
            }

            if (open.EndsWith(']'))
            {
                items.AddRange(open.Trim('[', ']').Split(',').Select(Unquote).Where(name => name.Length > 0));
                open = "";
                items = null;
            }
        }

        return last;
    }

    private static string Unquote(string text) => text.Trim().Trim('"', '\'').Trim();

    private static string WithoutComment(string text)
    {
        int comment = text.StartsWith('#') ? 0 : text.IndexOf(" #", StringComparison.Ordinal);
        return comment < 0 ? text : text[..comment];
    }
}
