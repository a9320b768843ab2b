using System.Text.Json;
using Json.Schema;

namespace Marketplace.Reports.Tests.Support;

/// <summary>Judges a document by a JSON schema.</summary>
internal static class Schemas
{
    /// <summary>What is wrong with a document; empty when it is valid.</summary>
    public static string Problems(this JsonSchema schema, string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        EvaluationResults results = schema.Evaluate(document.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List, RequireFormatValidation = true });
        return results.IsValid ? "" : string.Join('\n', (results.Details ?? []).Where(detail => detail.Errors is not null).SelectMany(detail => detail.Errors!.Select(error => $"{detail.InstanceLocation}: {error.Value}")));
    }
}
