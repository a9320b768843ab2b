namespace Marketplace.Requirements.Systems.Boot;

/// <summary>An entry of a boot menu with the command line it gives the kernel.</summary>
/// <param name="Title">The title.</param>
/// <param name="Id">The identifier; empty when there is none.</param>
/// <param name="Path">The file the kernel line stands in.</param>
/// <param name="Line">The line, from 1; 0 when the file has no lines.</param>
/// <param name="CommandLine">The arguments of the kernel, variables resolved.</param>
internal sealed record BootEntry(string Title, string Id, string Path, int Line, string CommandLine)
{
    /// <summary>The kernel as the boot loader names it, often relative to a file system of its own; empty when it does not.</summary>
    public string Kernel { get; init; } = "";

    /// <summary>The initial RAM disks as the boot loader names them, in the order they are put together.</summary>
    public IReadOnlyList<string> InitialRamDisks { get; init; } = [];

    /// <summary>Whether the kernel is a unified kernel image, which has its initial RAM disk inside.</summary>
    public bool IsUnified { get; init; }

    /// <summary>Whether it is the same line of the same file and comes to the same.</summary>
    public bool IsSameAs(BootEntry other) =>
        Path == other.Path && Line == other.Line && CommandLine == other.CommandLine && Kernel == other.Kernel;
}
