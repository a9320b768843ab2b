using Marketplace.DiskImages.Trees;

namespace Marketplace.Requirements.Systems.Ssh;

/// <summary>The SSH server of a system.</summary>
/// <param name="ProgramPath">Path of sshd; empty when it is not installed.</param>
/// <param name="Blocked">The file that keeps it from starting (a mask, or sshd_not_to_be_run); empty when there is none.</param>
/// <param name="EnabledBy">The link or job that starts it at boot; empty when none does.</param>
internal sealed record SshServer(string ProgramPath, string Blocked, string EnabledBy)
{
    private static readonly string[] Services = ["ssh", "sshd"];

    /// <summary>Whether sshd is not installed or kept from starting: the guide calls this SSH explicitly blocked.</summary>
    public bool IsExplicitlyBlocked => ProgramPath.Length == 0 || Blocked.Length > 0;

    /// <summary>Looks for the server.</summary>
    public static SshServer Read(FileTree tree, ServiceFacts services)
    {
        string program = ((string[])["/usr/sbin/sshd", "/usr/bin/sshd", "/usr/local/sbin/sshd"]).FirstOrDefault(tree.FileExists) ?? "";

        // Where one of the two names is masked and the other has a unit of its own, that one still starts.
        string? mask = Services.Select(name => services.MaskOf(name + ".service")).FirstOrDefault(path => path is not null);
        string blocked = (mask is not null && !Services.Any(name => services.HasOwnUnit(name + ".service")) ? mask : null)
            ?? (tree.FileExists("/etc/ssh/sshd_not_to_be_run") ? "/etc/ssh/sshd_not_to_be_run" : "");
        return new SshServer(program, blocked, services.FindEnablement(Services, [".service", ".socket"]) ?? "");
    }
}
