using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.Registry.Cells;
using Marketplace.DiskImages.Registry.Logs;
using Marketplace.DiskImages.Trees;

namespace Marketplace.DiskImages.Registry;

/// <summary>
/// A Windows registry hive (versions 1.3 to 1.6, NT 4.0 to today), read by ranges: at most 4 MiB of it are held in memory.
/// Format: Windows registry file format specification (M. Suhanov, 2018). Not safe for use by several threads at once.
/// </summary>
/// <remarks>
/// A hive to which a write was not finished is read as Windows would load it: its logs (<c>.LOG1</c>, <c>.LOG2</c>, <c>.LOG</c>) are
/// put over it in memory, and <see cref="WasRecovered"/> tells. When the logs are missing, damaged or do not fit together the hive is
/// not opened at all, because what it says may be half of a change. Transactions of the Common Log File System are not read.
/// <code>
/// using FileContent file = FileContent.Open("SOFTWARE");
/// RegistryHive hive = RegistryHive.Open(file);
/// RegistryKey? key = hive.FindKey(@"Microsoft\Windows NT\CurrentVersion");
/// string? build = key?.FindValue("CurrentBuild")?.ReadString();
/// </code>
/// </remarks>
public sealed class RegistryHive
{
    private readonly HiveCells _cells;
    private readonly HiveBaseBlock _block;

    private RegistryHive(DiskContent content, HiveBaseBlock block, bool wasRecovered)
    {
        _block = block;
        _cells = new HiveCells(content, block.BinsSize);
        WasRecovered = wasRecovered;
        Root = new RegistryKey(this, ReadRoot(), "", 0);
    }

    /// <summary>The key that everything else is below.</summary>
    public RegistryKey Root { get; }

    /// <summary>Whether changes came from the logs of the hive, because a write to it was not finished.</summary>
    public bool WasRecovered { get; }

    /// <summary>When the hive was written last, as its base block has it; Windows 8.1 and later leave it alone.</summary>
    public DateTimeOffset LastWritten => RegistryFormat.ToTime(_block.LastWritten);

    internal HiveCells Cells => _cells;

    internal uint MinorVersion => _block.MinorVersion;

    internal uint RootCell => _block.RootCell;

    /// <summary>Opens a hive of a system; its logs are looked for beside it when they are needed.</summary>
    /// <param name="tree">The files of the system. It must stay usable as long as the hive is used.</param>
    /// <param name="path">Absolute path of the hive, for example <c>/Windows/System32/config/SYSTEM</c>.</param>
    /// <returns>The hive, or null when there is no regular file at the path.</returns>
    /// <exception cref="DiskFormatException">
    /// The file is no hive, is damaged or larger than 512 MiB, or a write to it was not finished and its logs cannot be used (Unsupported).
    /// </exception>
    public static RegistryHive? Open(FileTree tree, string path)
    {
        ArgumentNullException.ThrowIfNull(tree);
        ArgumentNullException.ThrowIfNull(path);
        return TreeFileContent.Open(tree, path) is { } content ? Open(content, () => FindLogs(tree, path)) : null;
    }

    /// <summary>Opens a hive from its bytes and those of its logs.</summary>
    /// <param name="content">The hive. It must stay open as long as the hive is used, which does not own it.</param>
    /// <param name="logs">Its logs, in any order; read only when a write to the hive was not finished.</param>
    /// <exception cref="DiskFormatException">
    /// The content is no hive, is damaged or larger than 512 MiB, or a write to it was not finished and its logs cannot be used (Unsupported).
    /// </exception>
    public static RegistryHive Open(DiskContent content, params IReadOnlyList<DiskContent> logs)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(logs);
        return Open(content, () => logs);
    }

    /// <summary>The key at a path, or null when there is none.</summary>
    /// <param name="path">Names below the root, separated by <c>\</c>, upper and lower case alike; empty for the root.</param>
    /// <exception cref="DiskFormatException">
    /// A structure on the way is damaged, or the path passes through a link to another key, whose target may lie in another hive (Unsupported).
    /// </exception>
    public RegistryKey? FindKey(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        RegistryKey? key = Root;
        foreach (string name in path.Split('\\', StringSplitOptions.RemoveEmptyEntries))
        {
            if (key.IsLink)
            {
                throw DiskFormatException.Unsupported(RegistryFormat.KeyStructure, RegistryFormat.FileOffset(key.Node.Cell), "the path passes through a link to another key");
            }

            key = key.FindSubkey(name);
            if (key is null)
            {
                return null;
            }
        }

        return key;
    }

    private static RegistryHive Open(DiskContent content, Func<IReadOnlyList<DiskContent>> findLogs)
    {
        if (content.Length > RegistryFormat.MaxHiveSize)
        {
            throw DiskFormatException.Unsupported(RegistryFormat.BaseBlockStructure, 0, $"the hive has {content.Length} bytes, at most {RegistryFormat.MaxHiveSize} are read");
        }

        byte[] bytes = new byte[(int)Math.Min(content.Length, RegistryFormat.BaseBlockUsedSize)];
        content.Read(0, bytes);
        HiveBaseBlock block = HiveBaseBlock.Parse(bytes);
        if (!block.IsDirty)
        {
            block.Check(content.Length);
            return new RegistryHive(content, block, wasRecovered: false);
        }

        (DiskContent recovered, HiveBaseBlock recoveredBlock) = HiveRecovery.Recover(content, block, findLogs());
        if (recovered.Length > RegistryFormat.MaxHiveSize)
        {
            throw DiskFormatException.Unsupported(RegistryFormat.BaseBlockStructure, 0, $"the hive grows to {recovered.Length} bytes, at most {RegistryFormat.MaxHiveSize} are read");
        }

        recoveredBlock.Check(recovered.Length);
        return new RegistryHive(recovered, recoveredBlock, wasRecovered: true);
    }

    private static List<DiskContent> FindLogs(FileTree tree, string path)
    {
        // Links followed, so that the logs are looked for where the hive is.
        string real = tree.Stat(path)?.Path ?? path;
        int slash = real.LastIndexOf('/');
        string directory = slash <= 0 ? "/" : real[..slash];
        string name = real[(slash + 1)..];
        string[] wanted = [name + ".LOG1", name + ".LOG2", name + ".LOG"];
        List<DiskContent> logs = [];
        foreach (string found in tree.List(directory).Where(found => wanted.Contains(found, StringComparer.OrdinalIgnoreCase)))
        {
            if (TreeFileContent.Open(tree, directory.TrimEnd('/') + "/" + found) is { } log)
            {
                logs.Add(log);
            }
        }

        return logs;
    }

    private KeyNode ReadRoot()
    {
        KeyNode root = KeyNode.Read(_cells, _block.RootCell);
        return (root.Flags & RegistryFormat.KeyHiveEntry) != 0
            ? root
            : throw DiskFormatException.Corrupt(RegistryFormat.KeyStructure, RegistryFormat.FileOffset(root.Cell), $"the root has the flags 0x{root.Flags:x4}, without the one of a root (0x0004)");
    }
}
