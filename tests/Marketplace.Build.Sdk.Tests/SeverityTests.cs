using Marketplace.Build.Sdk.Tests.Harness;

namespace Marketplace.Build.Sdk.Tests;

/// <summary>How a project makes a finding weigh more or less: with the properties of MSBuild and with VmImageRequirement.</summary>
[TestClass]
public sealed class SeverityTests
{
    // One size three times: a warning of MKT1020, and nothing else.
    private const string Warned = "<VmImageRecommendedSizes>A1;A2;A3;A3</VmImageRecommendedSizes>";

    [TestMethod]
    [DataRow("-p:NoWarn=MKT1020", "none")]
    [DataRow("-p:MSBuildWarningsAsMessages=MKT1020", "none")]
    [DataRow("-nowarn:MKT1020", "none")]
    [DataRow("-p:WarningsAsErrors=MKT1020", "error")]
    [DataRow("-p:MSBuildWarningsAsErrors=MKT1020", "error")]
    [DataRow("-warnaserror:MKT1020", "error")]
    [DataRow("-warnaserror", "error")]
    [DataRow("-p:MSBuildTreatWarningsAsErrors=true", "error")]
    [DataRow("-p:MSBuildTreatWarningsAsErrors=true;WarningsNotAsErrors=MKT1020", "warning")]
    [DataRow("-p:TreatWarningsAsErrors=true", "error")]
    [DataRow("-p:TreatWarningsAsErrors=true;WarningsNotAsErrors=MKT1020", "warning")]
    [DataRow("-p:WarningsAsErrors=MKT1019", "warning")]
    public async Task The_properties_of_MSBuild_count_in_the_first_build_and_in_those_that_follow(string argument, string expected)
    {
        var workspace = Workspace.Create();
        workspace.Write("Vm.vmproj", new ImageProject { Properties = Warned }.ToString());
        (await workspace.RunAsync("restore")).MustSucceed();
        Shows(expected, await workspace.RunAsync("build", "--no-restore", argument), "first");

        // A build that passes leaves the warning to be shown again.
        Shows("warning", await workspace.RunAsync("build", "--no-restore"), "passing");
        Shows(expected, await workspace.RunAsync("build", "--no-restore", argument), "repeated");
    }

    [TestMethod]
    public async Task NoWarn_takes_nothing_from_an_error()
    {
        var workspace = Workspace.Create();
        workspace.Write("Vm.vmproj", new ImageProject { Version = "1.0.0-beta", Properties = "<NoWarn>$(NoWarn);MKT1014</NoWarn>" }.ToString());
        (await workspace.RunAsync("build")).MustFailWith("MKT1014");
    }

    [TestMethod]
    public async Task An_adjustment_that_meets_no_requirement_is_told_wherever_it_stands()
    {
        var workspace = Workspace.Create();
        workspace.Write("Directory.Build.props", Adjust("MKT9991", "Condition=\"'$(Never)' == 'true'\"", "MKT9992"));
        workspace.Write("Directory.Build.targets", Adjust("mkt9993", "", "none"));
        workspace.Write("Vm.vmproj", new ImageProject
        {
            More = """
                <!-- <ItemGroup><VmImageRequirement Update="MKT9994" Severity="Info" Justification="not in force" /></ItemGroup> -->
                <PropertyGroup><Mine>MKT9995</Mine></PropertyGroup>
                <ItemGroup>
                  <VmImageRequirement Update="$(Mine);MKT1020" Severity="Info" Justification="by a property" />
                  <VmImageRequirement Update="MKT9996" Severity="Info" Justification="x" Condition="'$(Never)' == 'true'" />
                  <VmImageRequirement Update="MKT1018, MKT1019" Severity="Info" Justification="a comma" />
                  <VmImageRequirement Update="sshd" Severity="Info" Justification="no id" />
                </ItemGroup>
                """,
        }.ToString());

        var output = await workspace.RunAsync("build");

        Assert.AreEqual(1, output.ExitCode);
        string[] told = [.. output.Errors.Select(error => error.Code + " " + error.Text.Split('"')[1]).Order(StringComparer.OrdinalIgnoreCase)];
        Assert.AreEqual("MKT0017 MKT1018, MKT1019; MKT0017 MKT9991; MKT0017 MKT9993; MKT0017 MKT9995; MKT0017 sshd", string.Join("; ", told), output.Text);

        static string Adjust(string id, string condition, string other) => $"""
            <Project>
              <ItemGroup><VmImageRequirement Update="{id}" Severity="Info" Justification="x" /></ItemGroup>
              <ItemGroup {condition}><VmImageRequirement Update="{other}" Severity="Info" Justification="x" Condition="'{other}' != 'none'" /></ItemGroup>
            </Project>
            """;
    }

    [TestMethod]
    public async Task An_adjustment_counts_in_any_case_of_letters_and_in_Directory_Build_props()
    {
        var workspace = Workspace.Create();
        workspace.Write("Directory.Build.props", """<Project><ItemGroup><VmImageRequirement Update="mkt1020" Severity="Info" Justification="agreed" /></ItemGroup></Project>""");
        workspace.Write("Vm.vmproj", new ImageProject { Properties = Warned }.ToString());
        Shows("none", await workspace.RunAsync("build"), "in Directory.Build.props");

        workspace.Write("Directory.Build.props", """<Project><ItemGroup><VmImageRequirement Update="MKT1020" Severity="Info" /></ItemGroup></Project>""");
        Assert.Contains("without a Justification", (await workspace.RunAsync("build")).MustFailWith("MKT0017").Text);
    }

    private static void Shows(string expected, BuildOutput output, string when)
    {
        var actual = output.Errors.Count > 0 ? "error" : output.Warnings.Count > 0 ? "warning" : "none";
        Assert.AreEqual(expected, actual, $"{when}: {output.Text}");
        Assert.AreEqual(expected == "error" ? 1 : 0, output.ExitCode, when);
        Assert.IsTrue(output.Errors.Concat(output.Warnings).All(found => found.Code == "MKT1020"), output.Text);
    }
}
