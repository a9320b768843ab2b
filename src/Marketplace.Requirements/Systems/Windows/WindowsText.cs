using System.Text;
using Marketplace.DiskImages.Trees;

namespace Marketplace.Requirements.Systems.Windows;

/// <summary>Text files of Windows: UTF-16 or UTF-8 by their byte order mark, else UTF-16 when it looks like it, else UTF-8.</summary>
internal static class WindowsText
{
    /// <summary>The text of a file, or null when there is none.</summary>
    /// <param name="tree">The files.</param>
    /// <param name="path">An absolute path.</param>
    /// <param name="maxBytes">The largest file that is read.</param>
    /// <exception cref="DiskImages.DiskFormatException">The file cannot be read, or is larger.</exception>
    public static string? Read(FileTree tree, string path, int maxBytes) => tree.ReadAllBytes(path, maxBytes) is { } bytes ? Decode(bytes) : null;

    /// <summary>The text of bytes.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0xFF, 0xFE, ..] => Encoding.Unicode.GetString(bytes[2..]),
        [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode.GetString(bytes[2..]),
        [0xEF, 0xBB, 0xBF, ..] => Encoding.UTF8.GetString(bytes[3..]),
        [_, 0, ..] => Encoding.Unicode.GetString(bytes),
        _ => Encoding.UTF8.GetString(bytes),
    };
}
