using System.Text.Json.Serialization;

namespace Marketplace.Requirements.Model;

/// <summary>The sets of rules an image can be held to, oldest first.</summary>
public enum RequirementsLevel
{
    /// <summary><c>2015-10</c>: the guide of October 2015.</summary>
    [JsonStringEnumMemberName("2015-10")]
    Guide201510,

    /// <summary><c>current</c>: what certification asks today.</summary>
    [JsonStringEnumMemberName("current")]
    Current,
}
