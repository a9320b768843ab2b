using Marketplace.DiskImages.Trees;

namespace Marketplace.Requirements.Systems;

/// <summary>The processor the programs of a system are made for.</summary>
internal static class ElfMachine
{
    private static readonly string[] Programs = ["/bin/sh", "/usr/bin/bash", "/sbin/init", "/usr/bin/env"];

    /// <summary>Whether a program every system has is made for x86-64; false when none can be found.</summary>
    public static bool IsX64(FileTree tree) =>
        Programs.Select(path => Read(tree, path)).FirstOrDefault(header => header is not null) is { Machine: ElfHeader.X64 };

    /// <summary>The header of a program; null when it is none, or not there.</summary>
    /// <param name="tree">The files of the system.</param>
    /// <param name="path">The program, links followed.</param>
    /// <exception cref="DiskImages.DiskFormatException">The program cannot be read.</exception>
    public static ElfHeader? Read(FileTree tree, string path)
    {
        byte[] start = new byte[ElfHeader.Length];
        return tree.Read(path, 0, start) == start.Length ? ElfHeader.Parse(start) : null;
    }
}
