using System.Text;
using System.Xml;
using Marketplace.DiskImages.Trees;
using Marketplace.Requirements.Engine;

namespace Marketplace.Requirements.Systems.Windows.Setup;

/// <summary>An answer file of Windows Setup, and where passwords stand in it (Microsoft, "Unattended Windows Setup Reference"). The passwords themselves are not kept.</summary>
/// <param name="Path">Path in the disk.</param>
/// <param name="Passwords">The passwords.</param>
internal sealed record AnswerFile(string Path, IReadOnlyList<AnswerFilePassword> Passwords)
{
    /// <summary>What Setup puts in the place of a password in the copies it keeps.</summary>
    public const string Deleted = "*SENSITIVE*DATA*DELETED*";

    /// <summary>The largest file that is read: real ones have some kilobytes.</summary>
    private const int MaxBytes = 4 << 20;

    /// <summary>The deepest element that is read: the schema has about ten levels.</summary>
    private const int MaxDepth = 64;

    /// <summary>Reads the file at a path; null when there is none.</summary>
    /// <exception cref="CannotCheckException">It is not the XML of an answer file.</exception>
    /// <exception cref="DiskImages.DiskFormatException">It cannot be read, or is too large.</exception>
    public static AnswerFile? Read(FileTree tree, string path)
    {
        if (tree.ReadAllBytes(path, MaxBytes) is not { } data)
        {
            return null;
        }

        string text = Decode(data);
        List<AnswerFilePassword> passwords = [];
        try
        {
            if (!string.IsNullOrWhiteSpace(text))
            {
                passwords.AddRange(FindPasswords(text));
            }
        }
        catch (XmlException)
        {
            // What stands before the damage is found all the same. The message of the exception may quote the file.
            if (passwords.Count == 0)
            {
                throw new CannotCheckException($"the answer file {Evidence.Quote(path)} is not well-formed XML and may hold a password");
            }
        }

        return new AnswerFile(path, passwords);
    }

    private static IEnumerable<AnswerFilePassword> FindPasswords(string text)
    {
        // Text that was decoded: the encoding the declaration names does not matter any more. Nothing outside is fetched.
        using XmlReader reader = XmlReader.Create(new StringReader(text), new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            IgnoreComments = true,
            IgnoreWhitespace = true,
            MaxCharactersInDocument = MaxBytes,
        });
        string[] names = new string[MaxDepth];
        AnswerFilePassword? found = null;
        while (reader.Read())
        {
            if (reader.Depth >= MaxDepth)
            {
                throw new XmlException("too deep");
            }

            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    names[reader.Depth] = reader.LocalName;
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA when IsPassword(names.AsSpan(0, reader.Depth)) && IsKept(reader.Value):
                    string name = string.Join('/', names.Take(reader.Depth).Where(part => part != "Value").TakeLast(2));
                    AnswerFilePassword password = new(name, ((IXmlLineInfo)reader).LineNumber);
                    if (password != found)
                    {
                        found = password;
                        yield return password;
                    }

                    break;
            }
        }
    }

    // AdministratorPassword/Value, AutoLogon/Password/Value, Credentials/Password and others.
    private static bool IsPassword(ReadOnlySpan<string> path) => path switch
    {
        [.., var holder, "Value"] => holder.EndsWith("Password", StringComparison.Ordinal),
        [.., var holder] => holder.EndsWith("Password", StringComparison.Ordinal),
        _ => false,
    };

    private static bool IsKept(string value) => value.Trim() is { Length: > 0 } text && text != Deleted;

    private static string Decode(byte[] data) => data switch
    {
        [0xEF, 0xBB, 0xBF, ..] => Encoding.UTF8.GetString(data.AsSpan(3)),
        [0xFF, 0xFE, ..] => Encoding.Unicode.GetString(data.AsSpan(2)),
        [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode.GetString(data.AsSpan(2)),
        [not 0, 0, ..] => Encoding.Unicode.GetString(data),
        [0, not 0, ..] => Encoding.BigEndianUnicode.GetString(data),
        _ => Encoding.UTF8.GetString(data),
    };
}
