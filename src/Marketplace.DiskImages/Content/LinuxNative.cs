using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Marketplace.DiskImages.Content;

/// <summary>The file type by statx(2), whose result has one layout on every architecture.</summary>
[SupportedOSPlatform("linux")]
internal static partial class LinuxNative
{
    private const int AtFdCwd = -100;
    private const uint StatxType = 1;
    private const int StatxSize = 256;
    private const int StxModeOffset = 0x1C;
    private const int FileTypeMask = 0xF000;
    private const int RegularFile = 0x8000;

    /// <summary>Whether the path, links followed, is a regular file; null when that cannot be told.</summary>
    public static bool? IsRegularFile(string path)
    {
        byte[] result = new byte[StatxSize];
        try
        {
            return Statx(AtFdCwd, path, 0, StatxType, result) != 0
                ? null
                : (BitConverter.ToUInt16(result, StxModeOffset) & FileTypeMask) == RegularFile;
        }
        catch (EntryPointNotFoundException)
        {
            // A C library without statx: the open itself will tell most of it.
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int directory, string path, int flags, uint mask, [In, Out] byte[] result);
}
