using System.Buffers.Binary;
using System.Text;
using Marketplace.DiskImages.Trees;

namespace Marketplace.Requirements.Systems.Kernels;

/// <summary>The release a kernel image of x86 tells in its header (Documentation/arch/x86/boot.rst of the Linux kernel).</summary>
internal static class KernelImage
{
    private const int MagicOffset = 0x202; // header: "HdrS"
    private const int VersionOffset = 0x20E; // kernel_version: where the text is, less 0x200
    private const int VersionBase = 0x200;
    private const int HeaderSize = 0x210;
    private const int MaxRelease = 128;

    /// <summary>The first word of the version text, which is what <c>uname -r</c> tells; null when the file is no such image.</summary>
    /// <exception cref="DiskImages.DiskFormatException">The file cannot be read.</exception>
    public static string? ReadRelease(FileTree tree, string path)
    {
        byte[] header = new byte[HeaderSize];
        if (tree.Read(path, 0, header) != header.Length || !header.AsSpan(MagicOffset).StartsWith("HdrS"u8))
        {
            return null;
        }

        int pointer = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(VersionOffset));
        byte[] text = new byte[MaxRelease];
        int count = pointer == 0 ? 0 : Math.Max(tree.Read(path, VersionBase + pointer, text), 0);
        int end = text.AsSpan(0, count).IndexOfAny((byte)' ', (byte)0);
        return end > 0 && text.AsSpan(0, end).IndexOfAnyExceptInRange((byte)'!', (byte)'~') < 0 && !text.AsSpan(0, end).Contains((byte)'/')
            ? Encoding.ASCII.GetString(text, 0, end)
            : null;
    }
}
