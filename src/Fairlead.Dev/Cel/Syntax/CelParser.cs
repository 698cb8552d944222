using System.Collections.Immutable;
using Fairlead.Dev.Cel.Libraries;
using Fairlead.Dev.Cel.Values;

namespace Fairlead.Dev.Cel.Syntax;

/// <summary>A precedence-climbing parser. It expands macros and resolves function names; the checker does the rest.</summary>
internal sealed class CelParser
{
    /// <summary>How deep parentheses, arguments and branches may nest; the reference implementation's recursion limit.</summary>
    private const int MaxNesting = 250;

    /// <summary>
    /// How deep the tree may grow, as by a long chain of <c>+</c>. A walk of the tree takes up to 1.2 KB of stack a level in an
    /// unoptimised build, so this stays within half of a 1 MB stack.
    /// </summary>
    private const int MaxDepth = 400;

    /// <summary>The reference implementation's limit on an expression, in code points; UTF-16 units here.</summary>
    private const int MaxLength = 100_000;

    private readonly CelSource _source;
    private readonly CelFunctionTable _functions;
    private readonly bool _allowBind;
    private readonly List<CelToken> _tokens;
    private int _next;
    private int _nesting;

    private CelParser(CelSource source, CelFunctionTable functions, bool allowBind)
    {
        _source = source;
        _functions = functions;
        _allowBind = allowBind;
        _tokens = CelLexer.Read(source);
    }

    private CelToken Current => _tokens[_next];

    public static CelNode Parse(CelSource source, CelFunctionTable functions, bool allowBind)
    {
        if (source.Text.Length > MaxLength)
            throw source.Error(0, $"the expression is longer than {MaxLength} characters");
        var parser = new CelParser(source, functions, allowBind);
        var node = parser.Expression();
        return parser.Current.Kind == CelTokenKind.End ? node : throw parser.Unexpected();
    }

    private CelNode Expression()
    {
        if (++_nesting > MaxNesting)
            throw _source.Error(Current.Position, $"the expression nests deeper than {MaxNesting} levels");
        var node = Logical(isAnd: false);
        var question = Current;
        if (Take("?"))
        {
            var then = Logical(isAnd: false);
            Expect(":");
            node = Bounded(new ConditionalNode(question.Position, node, then, Expression()));
        }
        _nesting--;
        return node;
    }

    private CelNode Logical(bool isAnd)
    {
        var first = isAnd ? Binary(0) : Logical(isAnd: true);
        if (Current is not { Kind: CelTokenKind.Operator } symbol || symbol.Text != (isAnd ? "&&" : "||"))
            return first;
        var operands = ImmutableArray.CreateBuilder<CelNode>();
        operands.Add(first);
        while (Take(symbol.Text))
            operands.Add(isAnd ? Binary(0) : Logical(isAnd: true));
        return Bounded(new LogicalNode(symbol.Position, isAnd, operands.ToImmutable()));
    }

    private CelNode Binary(int level)
    {
        var left = Unary();
        while (Precedence(Current) is var precedence && precedence >= level)
        {
            var symbol = Current;
            _next++;
            left = Operator(symbol.Position, $"_{symbol.Text}_", left, Binary(precedence + 1));
        }
        return left;
    }

    private static int Precedence(CelToken token) => token.Kind != CelTokenKind.Operator ? -1 : token.Text switch
    {
        "==" or "!=" or "<" or "<=" or ">" or ">=" or "in" => 0,
        "+" or "-" => 1,
        "*" or "/" or "%" => 2,
        _ => -1,
    };

    private CelNode Unary()
    {
        var first = Current;
        if (first.Kind != CelTokenKind.Operator || first.Text is not ("!" or "-"))
            return Member(Primary());
        var count = 0;
        while (Take(first.Text))
            count++;
        // A minus right before a number is its sign, which lets the least int be written.
        if (first.Text == "-" && Current.Kind == CelTokenKind.Literal && Negated(Current) is { } negative)
        {
            count--;
            first = Current;
            _next++;
            var literal = Member(new LiteralNode(first.Position - 1, negative));
            return count % 2 == 0 ? literal : Operator(first.Position, "-_", literal);
        }
        var operand = Member(Primary());
        var name = first.Text + "_";
        return count % 2 == 0
            ? Operator(first.Position, name, Operator(first.Position, name, operand))
            : Operator(first.Position, name, operand);
    }

    private static CelValue? Negated(CelToken token) => token.Value switch
    {
        null => new CelInt(long.MinValue),
        CelInt whole => new CelInt(-whole.Value),
        CelDouble real => new CelDouble(-real.Value),
        _ => null,
    };

    private CelNode Member(CelNode node)
    {
        while (Current.Kind == CelTokenKind.Operator)
        {
            var symbol = Current;
            if (Take("["))
            {
                var optional = Take("?");
                var index = Expression();
                Expect("]");
                node = Bounded(new IndexNode(symbol.Position, node, index, optional));
            }
            else if (Take("."))
            {
                var optional = Take("?");
                var name = Current;
                if (name.Kind != CelTokenKind.Identifier)
                    throw Unexpected("a field name");
                _next++;
                node = !optional && Take("(")
                    ? MemberCall(node, name, symbol.Position)
                    : Bounded(Selection(symbol.Position, node, name.Text, optional));
            }
            else
            {
                break;
            }
        }
        return node;
    }

    private CelNode MemberCall(CelNode receiver, CelToken name, int position)
    {
        var arguments = Arguments();
        if (CelMacros.Expand(_source, position, receiver, name.Text, arguments, _allowBind) is { } macro)
            return Bounded(macro);
        if (QualifiedName(receiver) is { } qualifier && _functions.FindGlobal($"{qualifier}.{name.Text}") is { } qualified)
            return Bounded(new CallNode(position, qualified, arguments));
        var function = _functions.FindMember(name.Text)
            ?? throw _source.Error(name.Position, $"undeclared reference to '{name.Text}': no such method");
        return Bounded(new CallNode(position, function, [receiver, .. arguments]));
    }

    // Type names with dots, such as google.protobuf.Timestamp, read like selections.
    private static CelNode Selection(int position, CelNode operand, string field, bool optional) =>
        !optional && QualifiedName(operand) is { } prefix && CelKinds.TryParse($"{prefix}.{field}", out var kind)
            ? new LiteralNode(position, new CelTypeValue(kind))
            : new SelectNode(position, operand, field, Test: false, optional);

    private static string? QualifiedName(CelNode node) => node switch
    {
        IdentifierNode identifier => identifier.Name,
        SelectNode { Test: false, Optional: false } select when QualifiedName(select.Operand) is { } prefix => $"{prefix}.{select.Field}",
        _ => null,
    };

    private CelNode Primary()
    {
        var token = Current;
        switch (token.Kind)
        {
            case CelTokenKind.Literal when token.Value is null:
                throw _source.Error(token.Position, $"syntax error: the int {token.Text} does not fit 64 bits");
            case CelTokenKind.Literal:
                _next++;
                return new LiteralNode(token.Position, token.Value);
            case CelTokenKind.Identifier:
                return Identifier(token);
            case CelTokenKind.Operator when Take("."):
                return Current.Kind == CelTokenKind.Identifier ? Identifier(Current) : throw Unexpected("an identifier");
            case CelTokenKind.Operator when Take("("):
                var inner = Expression();
                Expect(")");
                return inner;
            case CelTokenKind.Operator when Take("["):
                return List(token.Position);
            case CelTokenKind.Operator when Take("{"):
                return Map(token.Position);
            default:
                throw Unexpected();
        }
    }

    private CelNode Identifier(CelToken name)
    {
        if (CelNames.Reserved.Contains(name.Text))
            throw _source.Error(name.Position, $"syntax error: '{name.Text}' is a reserved word, not an identifier");
        _next++;
        if (!Take("("))
            return new IdentifierNode(name.Position, name.Text);
        var arguments = Arguments();
        if (CelMacros.Expand(_source, name.Position, receiver: null, name.Text, arguments, _allowBind) is { } macro)
            return Bounded(macro);
        var function = _functions.FindGlobal(name.Text)
            ?? throw _source.Error(name.Position, $"undeclared reference to '{name.Text}': no such function");
        return Bounded(new CallNode(name.Position, function, arguments));
    }

    private ImmutableArray<CelNode> Arguments()
    {
        var arguments = ImmutableArray.CreateBuilder<CelNode>();
        if (Take(")"))
            return [];
        do
        {
            arguments.Add(Expression());
        }
        while (Take(","));
        Expect(")");
        return arguments.ToImmutable();
    }

    private CelNode List(int position)
    {
        var elements = ImmutableArray.CreateBuilder<ListElement>();
        while (!Take("]"))
        {
            var optional = Take("?");
            elements.Add(new ListElement(Expression(), optional));
            if (!Take(",") && !IsOperator("]"))
                throw Unexpected("',' or ']'");
        }
        return Bounded(new ListNode(position, elements.ToImmutable()));
    }

    private CelNode Map(int position)
    {
        var entries = ImmutableArray.CreateBuilder<MapEntry>();
        while (!Take("}"))
        {
            var optional = Take("?");
            var key = Expression();
            Expect(":");
            entries.Add(new MapEntry(key, Expression(), optional));
            if (!Take(",") && !IsOperator("}"))
                throw Unexpected("',' or '}'");
        }
        return Bounded(new MapNode(position, entries.ToImmutable()));
    }

    private CelNode Operator(int position, string name, params ReadOnlySpan<CelNode> arguments) =>
        Bounded(new CallNode(position, _functions.Operator(name), [.. arguments]));

    private CelNode Bounded(CelNode node) =>
        node.Depth <= MaxDepth
            ? node
            : throw _source.Error(node.Position, $"the expression chains more than {MaxDepth} operations");

    private bool IsOperator(string text) => Current.Kind == CelTokenKind.Operator && Current.Text == text;

    private bool Take(string text)
    {
        if (!IsOperator(text))
            return false;
        _next++;
        return true;
    }

    private void Expect(string text)
    {
        if (!Take(text))
            throw Unexpected($"'{text}'");
    }

    private CelCompileException Unexpected(string? expected = null)
    {
        var found = Current.Kind == CelTokenKind.End ? Current.Text : $"'{Current.Text}'";
        return _source.Error(Current.Position, expected is null
            ? $"syntax error: unexpected {found}"
            : $"syntax error: expected {expected}, found {found}");
    }
}
