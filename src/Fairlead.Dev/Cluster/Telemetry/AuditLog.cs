using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Fairlead.Dev.Cluster.Authorization;
using Fairlead.Dev.Cluster.Http;

namespace Fairlead.Dev.Cluster.Telemetry;

/// <summary>Writes one line of JSON per finished request: an audit Event at level Metadata.</summary>
internal sealed class AuditLog(string path, TimeProvider time) : IDisposable
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lock _gate = new();
    private readonly FileStream _file = new(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);

    public void Write(ApiRequest request, DateTimeOffset received)
    {
        var line = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(line, Options))
            Write(json, request, received);
        line.Write("\n"u8);
        lock (_gate)
        {
            _file.Write(line.WrittenSpan);
            _file.Flush();
        }
    }

    public void Dispose() => _file.Dispose();

    private void Write(Utf8JsonWriter json, ApiRequest request, DateTimeOffset received)
    {
        json.WriteStartObject();
        json.WriteString("kind", "Event");
        json.WriteString("apiVersion", "audit.k8s.io/v1");
        json.WriteString("level", "Metadata");
        json.WriteString("auditID", request.Http.TraceIdentifier);
        json.WriteString("stage", "ResponseComplete");
        json.WriteString("requestURI", request.Info.Path + request.Http.Request.QueryString);
        json.WriteString("verb", request.Info.Verb);
        WriteUser(json, "user", request.Impersonator ?? request.User);
        if (request.Impersonator is not null)
            WriteUser(json, "impersonatedUser", request.User);
        json.WriteString("userAgent", request.UserAgent);
        if (request.Info.IsResource)
            WriteReference(json, request.Info);
        json.WriteStartObject("responseStatus");
        json.WriteNumber("code", request.Http.Response.StatusCode);
        json.WriteEndObject();
        json.WriteString("requestReceivedTimestamp", Format(received));
        json.WriteString("stageTimestamp", Format(time.GetUtcNow()));
        json.WriteEndObject();
    }

    private static void WriteUser(Utf8JsonWriter json, string member, UserInfo user)
    {
        json.WriteStartObject(member);
        json.WriteString("username", user.Name);
        json.WriteStartArray("groups");
        foreach (var group in user.Groups)
            json.WriteStringValue(group);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteReference(Utf8JsonWriter json, RequestInfo info)
    {
        json.WriteStartObject("objectRef");
        json.WriteString("resource", info.Resource);
        WriteIfSet(json, "namespace", info.Namespace);
        WriteIfSet(json, "name", info.Name);
        WriteIfSet(json, "apiGroup", info.Group);
        json.WriteString("apiVersion", info.Version);
        WriteIfSet(json, "subresource", info.Subresource);
        json.WriteEndObject();
    }

    private static void WriteIfSet(Utf8JsonWriter json, string member, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            json.WriteString(member, value);
    }

    private static string Format(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
