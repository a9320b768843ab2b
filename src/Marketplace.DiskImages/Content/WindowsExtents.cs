using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Marketplace.DiskImages.Content;

/// <summary>The allocated extents of a file by FSCTL_QUERY_ALLOCATED_RANGES.</summary>
[SupportedOSPlatform("windows")]
internal static partial class WindowsExtents
{
    private const uint FsctlSetSparse = 0x000900C4;
    private const uint FsctlQueryAllocatedRanges = 0x000940CF;
    private const int ErrorInvalidFunction = 1;
    private const int ErrorNotSupported = 50;
    private const int ErrorInvalidParameter = 87;
    private const int ErrorMoreData = 234;
    private const int RangesPerCall = 1024;

    public static IEnumerable<Extent> Enumerate(SafeFileHandle file, long length)
    {
        AllocatedRange[] ranges = new AllocatedRange[RangesPerCall];
        long position = 0;
        while (position < length)
        {
            int count = Query(file, new AllocatedRange(position, length - position), ranges, out bool more);
            if (count < 0)
            {
                yield return new Extent(position, length - position);
                yield break;
            }

            long before = position;
            for (int i = 0; i < count; i++)
            {
                long start = Math.Max(ranges[i].FileOffset, position);
                long end = Math.Min(ranges[i].FileOffset + ranges[i].Length, length);
                if (start < end)
                {
                    yield return new Extent(start, end - start);
                    position = end;
                }
            }

            if (!more || position == before)
            {
                yield break;
            }
        }
    }

    /// <summary>NTFS stores the zeros between writes unless the file is marked.</summary>
    /// <exception cref="IOException">The volume holds no sparse files.</exception>
    public static unsafe void MarkSparse(SafeFileHandle file)
    {
        if (!DeviceIoControl(file, FsctlSetSparse, null, 0, null, 0, out _, 0))
        {
            throw new IOException($"The volume holds no sparse files: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.");
        }
    }

    /// <summary>The number of ranges found; -1 when the file system cannot tell.</summary>
    private static unsafe int Query(SafeFileHandle file, AllocatedRange asked, AllocatedRange[] ranges, out bool more)
    {
        fixed (AllocatedRange* output = ranges)
        {
            bool done = DeviceIoControl(file, FsctlQueryAllocatedRanges, &asked, (uint)sizeof(AllocatedRange), output, (uint)(sizeof(AllocatedRange) * ranges.Length), out uint bytes, 0);
            int error = done ? 0 : Marshal.GetLastPInvokeError();
            more = error == ErrorMoreData;
            return done || more ? (int)bytes / sizeof(AllocatedRange)
                : error is ErrorInvalidFunction or ErrorNotSupported or ErrorInvalidParameter ? -1
                : throw new IOException($"The allocated ranges of the file cannot be listed: {Marshal.GetPInvokeErrorMessage(error)}.");
        }
    }

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static unsafe partial bool DeviceIoControl(
        SafeFileHandle file, uint code, AllocatedRange* input, uint inputSize, AllocatedRange* output, uint outputSize, out uint bytesReturned, nint overlapped);

    /// <summary>FILE_ALLOCATED_RANGE_BUFFER.</summary>
    private readonly record struct AllocatedRange(long FileOffset, long Length);
}
