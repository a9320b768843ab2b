using System.Buffers;

namespace Marketplace.DiskImages.Volumes.Lvm;

/// <summary>The names of groups and logical volumes, which become names of files in <c>/dev</c> (lvm(8), "Valid names").</summary>
internal static class LvmName
{
    private static readonly SearchValues<char> Characters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+_.-");

    /// <summary>Refuses a name the tools refuse.</summary>
    /// <exception cref="DiskFormatException">It is one.</exception>
    public static void Check(LvmSection section, string name)
    {
        if (name.Length > LvmFormat.MaxNameLength || name is "" or "." or ".." || name[0] == '-' || name.AsSpan().ContainsAnyExcept(Characters))
        {
            throw section.Corrupt("the name is not one that LVM allows");
        }
    }
}
