namespace Fairlead.Operator.Configuration;

public enum LogFormat
{
    /// <summary>One JSON object a line.</summary>
    Json,

    /// <summary>For people.</summary>
    Text,
}
