using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Marketplace.DiskImages.Content;

/// <summary>The allocated extents of a file by lseek(2) with SEEK_DATA and SEEK_HOLE. Reading by offset is not disturbed by it.</summary>
internal static partial class UnixExtents
{
    private const int Enxio = 6;
    private const int Einval = 22;
    private const int Enotty = 25;

    // macOS numbers the two the other way round.
    private static readonly int SeekData = OperatingSystem.IsMacOS() ? 4 : 3;
    private static readonly int SeekHole = OperatingSystem.IsMacOS() ? 3 : 4;
    private static readonly int Enotsup = OperatingSystem.IsMacOS() ? 45 : 95;

    public static IEnumerable<Extent> Enumerate(SafeFileHandle file, long length)
    {
        // off_t has 64 bits on every 64-bit system, and nowhere else for certain.
        if (!Environment.Is64BitProcess)
        {
            foreach (Extent whole in FileContent.WholeFile(length))
            {
                yield return whole;
            }

            yield break;
        }

        long position = 0;
        while (position < length)
        {
            (long start, bool known) = Seek(file, position, SeekData);
            if (!known)
            {
                yield return new Extent(position, length - position);
                yield break;
            }

            // ENXIO says that no data follows; a start before the position would mean no progress.
            if (start < position || start >= length)
            {
                yield break;
            }

            (long hole, known) = Seek(file, start, SeekHole);
            long end = known && hole > start ? Math.Min(hole, length) : length;
            yield return new Extent(start, end - start);
            position = end;
        }
    }

    /// <summary>The next data or hole; -1 when none follows; not known when the file system has no such call.</summary>
    private static (long Position, bool Known) Seek(SafeFileHandle file, long position, int whence)
    {
        nint found = LSeek(file, (nint)position, whence);
        if (found >= 0)
        {
            return (found, true);
        }

        int error = Marshal.GetLastPInvokeError();
        return error == Enxio ? (-1, true)
            : error == Einval || error == Enotty || error == Enotsup ? (-1, false)
            : throw new IOException($"The allocated ranges of the file cannot be listed: {Marshal.GetPInvokeErrorMessage(error)}.");
    }

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    private static partial nint LSeek(SafeFileHandle file, nint offset, int whence);
}
