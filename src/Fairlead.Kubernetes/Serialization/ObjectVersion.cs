using System.Text.Json;
using Fairlead.Kubernetes.Resources;

namespace Fairlead.Kubernetes.Serialization;

/// <summary>Which object a piece of JSON is, and in which version, without decoding it.</summary>
internal static class ObjectVersion
{
    /// <summary>Reads no further than needed: servers write these members before the bulk of an object.</summary>
    /// <param name="reader">On the start of the object; stays there, being a copy.</param>
    /// <returns>A version of null when the object names none.</returns>
    public static (ObjectKey Key, string? Version) Read(Utf8JsonReader reader)
    {
        string? name = null;
        string? ns = null;
        string? version = null;
        if (EnterMetadata(ref reader))
        {
            while ((name is null || ns is null || version is null) && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("name"u8))
                    name = Text(ref reader);
                else if (reader.ValueTextEquals("namespace"u8))
                    ns = Text(ref reader);
                else if (reader.ValueTextEquals("resourceVersion"u8))
                    version = Text(ref reader);
                else
                    reader.Skip();
            }
        }

        return (new ObjectKey(ns ?? "", name ?? ""), version);
    }

    private static bool EnterMetadata(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("metadata"u8))
                return reader.Read() && reader.TokenType == JsonTokenType.StartObject;

            reader.Skip();
        }

        return false;
    }

    private static string? Text(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
            return reader.GetString();

        reader.Skip();
        return null;
    }
}
