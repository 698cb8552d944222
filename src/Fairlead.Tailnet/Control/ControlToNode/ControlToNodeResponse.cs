using System.Text;

namespace Fairlead.Tailnet.Control.ControlToNode;

/// <summary>The node's answer.</summary>
public sealed record ControlToNodeResponse
{
    public int Status { get; init; } = 200;

    public string ContentType { get; init; } = "text/plain; charset=utf-8";

    public ReadOnlyMemory<byte> Body { get; init; }

    public static ControlToNodeResponse Text(string text, int status = 200) => new() { Status = status, Body = Encoding.UTF8.GetBytes(text) };

    public static ControlToNodeResponse Json(ReadOnlyMemory<byte> json) => new() { ContentType = "application/json", Body = json };
}
