using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Linux;

/// <summary>MKT2090: what only a running Linux machine can tell.</summary>
internal sealed class LinuxLiveChecks : Requirement
{
    public override string Id => "MKT2090";

    public override string Title => "A machine made from the image runs as it should";

    public override Criterion Current { get; } = new(
        Severity.Error,
        "a deployed machine takes extensions, survives a restart and an update, has its resource disk mounted with the warning file DATALOSS_WARNING_README.txt, logs no errors at boot and reaches its package repositories",
        "LISA AzureImageStandard; VM certification FAQ (2022)");

    public override string Why => "Certification starts a machine from the image and tries it";

    public override string Remedy => "make a machine from the image, install an extension, restart and update it, and look at the resource disk, dmesg and the repositories";

    public override CheckStages Stages => CheckStages.Live;

    public override CheckResult Check(ImageContext context) => context.RequireFamily() == OSFamily.Linux
        ? CheckResult.NotChecked("only a running machine can tell")
        : CheckResult.NotApplicable("the image is not a Linux image");
}
