using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Reports;
using Marketplace.Requirements.Systems;
using Marketplace.Requirements.Systems.Agent;
using Marketplace.Requirements.Systems.Boot;
using Marketplace.Requirements.Systems.Yaml;

namespace Marketplace.Requirements.Linux;

/// <summary>MKT2037: cloud-init or the agent provisions a new machine.</summary>
internal sealed class ProvisioningAgent : LinuxRequirement
{
    private const string DropInDirectory = "/etc/cloud/cloud.cfg.d/";
    private const string DropIn = DropInDirectory + "99-zz-azure.cfg";
    private const string SourcesKey = "datasource_list";
    private const string KernelSwitch = "cloud-init=disabled";

    private static readonly string[] CloudInitUnit = ["cloud-init-local"];

    public override string Id => "MKT2037";

    public override string Title => "A provisioning agent is configured";

    public override Criterion Current { get; } = new(Severity.Error, "cloud-init is enabled and may use the platform as its source, or the Azure Linux Agent provisions (Provisioning.Agent is auto or waagent)", "Azure Linux Agent configuration; Prepare Linux for imaging in Azure (2022)");

    public override string Why => "A new machine gets its name, account and keys from it; without one Azure waits, and the deployment fails";

    public override string Remedy => "install and enable cloud-init, or set Provisioning.Agent=auto in /etc/waagent.conf";

    internal override CheckResult CheckSystem(string disk, LinuxSystem system)
    {
        // Without a list, or with an empty one, the built-in list counts, which has the platform.
        YamlList? sources = system.CloudInit.Provisions ? CloudInitConfiguration.Read(system.Tree).Get(SourcesKey) as YamlList : null;
        string[] names = [.. sources?.Items.OfType<YamlText>().Select(name => name.Value) ?? []];
        Observation? fault =
            !system.CloudInit.IsInstalled ? new Observation(disk, "cloud-init is not installed")
            : !system.CloudInit.Provisions ? new Observation(disk, "cloud-init is installed but switched off")
            : sources is not null && names.Length > 0 && !names.Contains("Azure", StringComparer.Ordinal) ? NotFromAzure(disk, sources, names)
            : system.BootMenu.Defaults.FirstOrDefault(entry => KernelArguments.Split(entry.CommandLine).Contains(KernelSwitch, StringComparer.Ordinal)) is { } entry ? OffByKernel(disk, entry)
            : null;
        AgentFacts agent = system.Agent;
        if (fault is null)
        {
            return agent is { IsPresent: true, Configuration: { } told } && ModeOf(told, agent.Version) == "disabled"
                ? CheckResult.From(new Observation(disk, "Provisioning.Agent is disabled: only cloud-init provisions, and the agent does not wait for it") { PathInDisk = told.Path, Line = told.LineOf("Provisioning.Agent"), Current = Severity.Info })
                : CheckResult.Passed;
        }

        if (!agent.IsPresent)
        {
            return CheckResult.From(fault with
            {
                Found = fault.Found + ", and there is no Azure Linux Agent that could provision",
                Repair = fault.Repair ?? new Repair(RepairStage.Software, "install_package cloud-init"),
            });
        }

        if (agent.Configuration is not { } configuration)
        {
            return CheckResult.From(fault with { Found = fault.Found + ", and the Azure Linux Agent does not start without its waagent.conf" });
        }

        // The agent takes cloud-init for what provisions when its first service is enabled (pa/provision/cloudinitdetect.py).
        string mode = ModeOf(configuration, agent.Version);
        bool leavesItToCloudInit = mode == "cloud-init" || (mode == "auto" && system.CloudInit.IsInstalled && system.Services.FindEnablement(CloudInitUnit, [".service"]) is not null);
        if (mode is "auto" or "waagent" && !leavesItToCloudInit)
        {
            return CheckResult.Passed;
        }

        string key = configuration.LineOf("Provisioning.Agent") > 0 || configuration.LineOf("Provisioning.Enabled") == 0 ? "Provisioning.Agent" : "Provisioning.Enabled";
        string why = leavesItToCloudInit ? "the Azure Linux Agent leaves provisioning to cloud-init" : "the Azure Linux Agent is told not to provision";
        return CheckResult.From(new Observation(disk, $"{why}, but {fault.Found}")
        {
            PathInDisk = fault.PathInDisk.Length > 0 ? fault.PathInDisk : configuration.Path,
            Line = fault.PathInDisk.Length > 0 ? fault.Line : configuration.LineOf(key),
            Evidence = fault.Evidence.Length > 0 ? fault.Evidence : configuration.LineOf(key) > 0 ? $"{key}={configuration.Get(key)}" : "",
            Remedy = fault.Remedy.Length > 0 ? fault.Remedy : "set Provisioning.Agent=waagent in " + configuration.Path + ", or install and enable cloud-init",
            Repair = fault.Repair ?? new Repair(RepairStage.Configuration, $"set_conf {ShellText.Quote(configuration.Path)} Provisioning.Agent waagent"),
        });
    }

    /// <summary>
    /// Who provisions: Provisioning.Agent, <c>auto</c> when it is not set. Agents older than the oldest that is supported had the two
    /// switches Provisioning.Enabled and Provisioning.UseCloudInit instead, which newer ones do not read.
    /// </summary>
    private static string ModeOf(AgentConfiguration configuration, Version? version) =>
        configuration.Get("Provisioning.Agent") is { Length: > 0 } set ? set
        : version is not null && version < AgentIsInstalled.Minimum && !configuration.GetSwitch("Provisioning.Enabled", defaultValue: true)
            ? configuration.GetSwitch("Provisioning.UseCloudInit", defaultValue: false) ? "cloud-init" : "disabled"
        : "auto";

    private static Observation NotFromAzure(string disk, YamlList sources, string[] names)
    {
        // Drop-ins are read in the order of their names, the last list counts.
        bool comesLast = !sources.Path.StartsWith(DropInDirectory, StringComparison.Ordinal) || string.CompareOrdinal(sources.Path, DropIn) <= 0;
        return new Observation(disk, "the list of sources of cloud-init does not have Azure")
        {
            PathInDisk = sources.Path,
            Line = sources.Line,
            Evidence = $"{SourcesKey}: [ {string.Join(", ", names)} ]",
            Remedy = $"add Azure to datasource_list in {Evidence.OneLine(sources.Path)}",
            Repair = comesLast ? new Repair(RepairStage.Configuration, $"mkdir -p {DropInDirectory}\nprintf 'datasource_list: [ Azure, None ]\\n' > {DropIn}") : null,
        };
    }

    private static Observation OffByKernel(string disk, BootEntry entry) => new(disk, $"the kernel line of the default boot entry switches cloud-init off with {KernelSwitch}")
    {
        PathInDisk = entry.Path,
        Line = entry.Line,
        Evidence = entry.CommandLine,
        Remedy = $"remove {KernelSwitch} from the kernel line",
        Repair = new Repair(RepairStage.Configuration, $"kernel_remove {KernelSwitch}"),
    };
}
