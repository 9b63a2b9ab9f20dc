from jinja2.runtime import LoopContext, Macro, Markup, Namespace, TemplateNotFound, TemplateReference, TemplateRuntimeError, Undefined, escape, identity, internalcode, markup_join, missing, str_join
name = '_block.j2'

def root(context, missing=missing):
    resolve = context.resolve_or_missing
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_block = missing
    try:
        t_1 = environment.filters['raw']
    except KeyError:
        @internalcode
        def t_1(*unused):
            raise TemplateRuntimeError("No filter named 'raw' found.")
    pass
    def macro(l_1_content):
        t_2 = []
        if l_1_content is missing:
            l_1_content = undefined("parameter 'content' was not provided", name='content')
        pass
        if environment.getattr(l_1_content, 'comment'):
            pass
            t_2.extend((
                '# ',
                str(environment.finalize(t_1(environment.getattr(l_1_content, 'comment')))),
                '\n',
            ))
        t_2.append(
            str(environment.finalize(t_1(environment.getattr(l_1_content, 'type')))),
        )
        for l_2_label in environment.getattr(l_1_content, 'labels'):
            _loop_vars = {}
            pass
            t_2.extend((
                ' ',
                str(environment.finalize(l_2_label)),
            ))
        l_2_label = missing
        t_2.append(
            ' {\n',
        )
        for (l_2_name, l_2_value) in context.call(environment.getattr(environment.getattr(l_1_content, 'arguments'), 'items')):
            _loop_vars = {}
            pass
            t_2.extend((
                str(environment.finalize(t_1(l_2_name))),
                ' = ',
                str(environment.finalize(l_2_value)),
                '\n',
            ))
        l_2_name = l_2_value = missing
        for l_2_inner in environment.getattr(l_1_content, 'blocks'):
            _loop_vars = {}
            pass
            t_2.extend((
                str(environment.finalize(t_1(context.call((undefined(name='block') if l_0_block is missing else l_0_block), l_2_inner, _loop_vars=_loop_vars)))),
                '\n',
            ))
        l_2_inner = missing
        t_2.append(
            '}\n',
        )
        return concat(t_2)
    context.exported_vars.add('block')
    context.vars['block'] = l_0_block = Macro(environment, macro, 'block', ('content',), False, False, False, context.eval_ctx.autoescape)

blocks = {}
debug_info = '2=18&3=23&4=27&6=31&7=44&8=48&10=54&11=58'