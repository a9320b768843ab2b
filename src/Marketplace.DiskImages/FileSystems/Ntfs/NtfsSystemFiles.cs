namespace Marketplace.DiskImages.FileSystems.Ntfs;

/// <summary>What the files of a Windows installation tell about its volume.</summary>
internal static class NtfsSystemFiles
{
    /// <summary>Windows sets itself up on C: and keeps that letter; others have what the installation has assigned.</summary>
    public const char SystemDriveLetter = 'C';

    /// <summary>Whether Windows is installed on the volume.</summary>
    /// <exception cref="DiskFormatException">A directory on the way is damaged.</exception>
    public static bool IsSystemVolume(FileNode root) => Find(root, "Windows", "System32") is { Kind: FileKind.Directory };

    /// <summary>Whether hiberfil.sys begins with the mark of a memory that was saved and not yet taken back.</summary>
    /// <exception cref="DiskFormatException">The root directory or the file is damaged.</exception>
    public static bool IsHibernated(FileNode root)
    {
        Span<byte> mark = stackalloc byte[4];
        return Find(root, "hiberfil.sys") is { Kind: FileKind.Regular } file && file.Read(0, mark) == mark.Length
            && (mark.SequenceEqual("hibr"u8) || mark.SequenceEqual("HIBR"u8));
    }

    private static FileNode? Find(FileNode directory, params ReadOnlySpan<string> names)
    {
        FileNode? node = directory;
        foreach (string name in names)
        {
            node = node is { Kind: FileKind.Directory } ? node.Find(name) : null;
        }

        return node;
    }
}
