using System.Text;
using System.Text.RegularExpressions;
using Marketplace.DiskImages.Trees;

namespace Marketplace.Requirements.Systems.Software;

/// <summary>Finds a text in a program or library, such as the version it says it has.</summary>
internal static class ProgramText
{
    private const int BlockLength = 256 * 1024;

    /// <summary>A match that begins in one block may end in the next; the texts looked for are much shorter.</summary>
    private const int Overlap = 128;

    /// <summary>The most bytes of a program that are looked at; libcrypto has about 6 MiB.</summary>
    private const long MaxBytes = 64L << 20;

    /// <summary>The first match; null when the program has none, or is not there.</summary>
    /// <param name="tree">The files of the system.</param>
    /// <param name="path">The program, read in blocks.</param>
    /// <param name="pattern">What to look for, at most 128 bytes long; bytes are seen as Latin-1.</param>
    /// <exception cref="DiskImages.DiskFormatException">The program cannot be read.</exception>
    public static Match? Find(FileTree tree, string path, Regex pattern)
    {
        byte[] block = new byte[BlockLength + Overlap];
        int kept = 0;
        for (long offset = 0; offset < MaxBytes;)
        {
            int read = tree.Read(path, offset, block.AsSpan(kept, BlockLength));
            if (read <= 0)
            {
                return null;
            }

            int length = kept + read;
            if (pattern.Match(Encoding.Latin1.GetString(block, 0, length)) is { Success: true } match)
            {
                return match;
            }

            kept = Math.Min(Overlap, length);
            block.AsSpan(length - kept, kept).CopyTo(block);
            offset += read;
        }

        return null;
    }
}
