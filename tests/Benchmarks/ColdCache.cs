namespace Benchmarks;

/// <summary>The caches of the kernel: file data, inodes and names.</summary>
internal static class ColdCache
{
    /// <summary>Why the caches cannot be emptied here; null when they can.</summary>
    public static string? WhyNot => OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess ? null : "it empties the caches of the kernel and mounts images, which takes root on Linux";

    /// <summary>Writes what is to be written, then forgets everything that can be read again.</summary>
    public static void Drop()
    {
        Tool.Run("sync");
        File.WriteAllText("/proc/sys/vm/drop_caches", "3");
    }
}
