using System.Text.Json.Serialization;

namespace Marketplace.Publishing.Catalog;

/// <summary>The JSON of catalogue records.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(VersionRecord))]
internal sealed partial class CatalogJson : JsonSerializerContext;
