using System.Globalization;
using System.Text;

namespace Fairlead.Kubernetes.Client.Transport;

/// <summary>Collects query parameters; those without a value are left out.</summary>
internal struct QueryBuilder()
{
    private StringBuilder? _text = null;

    public void Add(string name, string? value)
    {
        if (string.IsNullOrEmpty(value))
            return;

        _text ??= new StringBuilder();
        if (_text.Length > 0)
            _text.Append('&');

        _text.Append(name).Append('=').Append(Uri.EscapeDataString(value));
    }

    public void Add(string name, long? value) => Add(name, value?.ToString(CultureInfo.InvariantCulture));

    public void Add(string name, bool value) => Add(name, value ? "true" : null);

    public override readonly string ToString() => _text?.ToString() ?? "";
}
