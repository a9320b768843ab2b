using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Marketplace.DiskImages.FileSystems;

namespace Marketplace.DiskImages.Testing;

/// <summary>Compares a file system with what the kernel showed when it mounted the same image.</summary>
internal static class TreeManifest
{
    private const int PathField = 0;
    private const int SizeField = 5;
    private const int TimeField = 7;
    private const int DataField = 8;

    /// <summary>Every difference, one line each; empty when the trees are equal in all fields.</summary>
    /// <param name="fileSystem">What was read.</param>
    /// <param name="manifest">What <c>file-tree.py manifest</c> wrote. A field that is <c>-</c> is not compared.</param>
    public static IReadOnlyList<string> Compare(FileSystem fileSystem, IEnumerable<string> manifest)
    {
        Dictionary<string, FileNode> found = [];
        List<string> differences = [];
        Collect(fileSystem.Root, found, differences);
        foreach (string line in manifest)
        {
            string[] expected = line.Split('\t');
            if (!found.Remove(expected[PathField], out FileNode? node))
            {
                differences.Add($"missing: {line}");
                continue;
            }

            string actual = Describe(node, expected);
            if (actual != line)
            {
                differences.Add($"expected: {line}\nactual:   {actual}");
            }
        }

        differences.AddRange(found.Keys.Select(path => $"not in the manifest: {path}"));
        return differences;
    }

    /// <summary>Escapes a name as the manifest does.</summary>
    public static string Escape(string name)
    {
        StringBuilder text = new();
        foreach (byte b in FileName.Encode(name))
        {
            text.Append(b is > 0x20 and < 0x7F and not (byte)'%' ? ((char)b).ToString() : $"%{b:X2}");
        }

        return text.ToString();
    }

    private static void Collect(FileNode root, Dictionary<string, FileNode> found, List<string> differences)
    {
        Stack<(string Path, FileNode Node)> pending = new([("", root)]);
        while (pending.TryPop(out (string Path, FileNode Node) directory))
        {
            found.Add(directory.Path.Length == 0 ? "/" : directory.Path, directory.Node);
            try
            {
                foreach (DirectoryEntry entry in directory.Node.EnumerateDirectory())
                {
                    string path = $"{directory.Path}/{Escape(entry.Name)}";
                    if (directory.Node == root && root.Find(entry.Name)?.Id != entry.Node.Id)
                    {
                        differences.Add($"not found by its name: {path}");
                    }

                    if (entry.Node.Kind == FileKind.Directory)
                    {
                        pending.Push((path, entry.Node));
                    }
                    else
                    {
                        found.Add(path, entry.Node);
                    }
                }
            }
            catch (DiskFormatException e) when (IsEncrypted(e))
            {
                // The manifest has no files below it either.
            }
        }
    }

    private static string Describe(FileNode node, string[] expected)
    {
        string data;
        try
        {
            data = node.Kind switch
            {
                FileKind.Regular => DescribeData(node, expected[DataField]),
                FileKind.SymbolicLink => Escape(node.ReadLink()),
                FileKind.Directory when node.EnumerateDirectory() is not null => "",
                _ => "",
            };
        }
        catch (DiskFormatException e) when (IsEncrypted(e))
        {
            data = "encrypted";
        }

        string kind = node.Kind switch
        {
            FileKind.Regular => "f",
            FileKind.Directory => "d",
            FileKind.SymbolicLink => "l",
            FileKind.CharacterDevice => "c",
            FileKind.BlockDevice => "b",
            FileKind.NamedPipe => "p",
            _ => "s",
        };
        string[] actual = [expected[PathField], kind, Convert.ToString(node.Mode, 8), Text(node.UserId), Text(node.GroupId), Text(node.Size), Text(node.LinkCount), Time(node, expected[TimeField]), data];
        return string.Join('\t', actual.Select((field, i) => i != PathField && expected[i] == "-" ? "-" : field));
    }

    /// <summary>The expected time when it is the same to 100 ns, which is what a <see cref="DateTimeOffset"/> holds.</summary>
    private static string Time(FileNode node, string expected)
    {
        long ticks = (node.Modified - DateTimeOffset.UnixEpoch).Ticks;
        return expected != "-" && decimal.Floor(decimal.Parse(expected, CultureInfo.InvariantCulture) / 100) == ticks ? expected : $"{ticks}00";
    }

    private static string DescribeData(FileNode node, string expected)
    {
        if (!expected.Contains('=', StringComparison.Ordinal))
        {
            return Hash(node.ReadAll());
        }

        List<string> ranges = [];
        foreach (string range in expected.Split(','))
        {
            string place = range[..range.IndexOf('=', StringComparison.Ordinal)];
            string[] numbers = place.Split('+');
            byte[] data = new byte[int.Parse(numbers[1], CultureInfo.InvariantCulture)];
            int read = node.Read(long.Parse(numbers[0], CultureInfo.InvariantCulture), data);
            ranges.Add($"{place}={Hash(data.AsSpan(0, read))}");
        }

        return string.Join(',', ranges);
    }

    private static bool IsEncrypted(DiskFormatException e) => e.Kind == DiskFormatErrorKind.Unsupported && e.Detail.Contains("encrypted", StringComparison.Ordinal);

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Hash(ReadOnlySpan<byte> data) => Convert.ToHexStringLower(SHA256.HashData(data));
}
