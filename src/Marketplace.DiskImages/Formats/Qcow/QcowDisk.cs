using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.FileSystems;

namespace Marketplace.DiskImages.Formats.Qcow;

/// <summary>Opens a QCOW2 file and its chain of backing files.</summary>
internal static class QcowDisk
{
    /// <summary>Opens the virtual disk of a file.</summary>
    /// <param name="file">The file.</param>
    /// <exception cref="DiskFormatException">It is damaged, uses what is not read, or its backing file is not in the folder of the image.</exception>
    public static DiskContent Open(ImageFile file)
    {
        QcowHeader header = QcowHeader.Read(file.Content);
        if (header.IsDirty)
        {
            file.Note("the QCOW2 file was not closed properly; its reference counts may be wrong, which does not change the disk");
        }

        return QcowContent.Open(file.Content, header, header.BackingName is null ? null : OpenBacking(file, header.BackingName, header.BackingFormat));
    }

    private static DiskContent OpenBacking(ImageFile file, string name, string? format)
    {
        string shown = FileName.ToDisplay(name);

        // Nothing identifies a backing file but its path, so only the very file that is named will do.
        string? path = name.StartsWith('/') ? InsideFolder(file.Folder.FullPath, name)
            : name.StartsWith("json:", StringComparison.Ordinal) ? null
            : file.Resolve(name);
        if (path is null)
        {
            throw DiskFormatException.Unsupported(QcowFormat.BackingStructure, 8, $"'{shown}' is not in the folder of the image");
        }

        if (file.TryOpen(path, QcowFormat.BackingStructure) is not { } backing)
        {
            throw DiskFormatException.Unsupported(QcowFormat.BackingStructure, 8, $"there is no file '{shown}' in the folder of the image");
        }

        return format == "raw" ? backing.Content : DiskOpener.OpenParent(backing);
    }

    private static string? InsideFolder(string folder, string path) =>
        folder.Length > 0 && path.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal) && !path.Split('/').Contains("..") ? path[(folder.TrimEnd('/').Length + 1)..] : null;
}
