namespace Marketplace.Requirements.Model;

/// <summary>The commands that mend everything that can be mended inside the machine, as one script to run there before it is captured again.</summary>
/// <param name="FileName"><see cref="ShellFileName"/> for a Linux image, <see cref="PowerShellFileName"/> for a Windows image.</param>
/// <param name="Content">The bytes of the file: names found on the disk need not be valid text.</param>
public sealed record RepairScript(string FileName, ReadOnlyMemory<byte> Content)
{
    /// <summary>Stands in the first lines of every script that is written.</summary>
    public const string Mark = "Written by Marketplace.Build.Sdk";

    /// <summary>The name of a script for POSIX sh.</summary>
    public const string ShellFileName = "fix.sh";

    /// <summary>The name of a script for Windows PowerShell 5.1 and later.</summary>
    public const string PowerShellFileName = "fix.ps1";
}
