namespace Marketplace.Requirements.Model;

/// <summary>Commands that mend a finding inside the machine the image was captured from.</summary>
/// <param name="Stage">When they run within the repair script.</param>
/// <param name="Commands">
/// POSIX shell for Linux, PowerShell for Windows; one or more lines, run as root or administrator, safe to run again.
/// Words found on the disk are quoted: a disk must not be able to put a command into the script.
/// </param>
public sealed record Repair(RepairStage Stage, string Commands);
