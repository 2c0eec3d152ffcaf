"""The loop over training steps, as LLVM IR: forward and backward, a look at what came out, and the update."""

from __future__ import annotations


def steps(parameters: int, rows: int, room: int, hyper: int) -> str:
    """`train`: steps on one batch after the other. Row `rows` of the memory holds the gradients."""
    return f"""define i64 @train(ptr %in, ptr %memory, ptr %hyper, ptr %seeds, ptr %out, ptr %sums, ptr %scratch,
                  ptr %losses, i64 %stride, i64 %n, i64 %batch, i64 %steps, i64 %jump) #0 {{
start:
  %gradients = getelementptr double, ptr %memory, i64 {rows * room}
  br label %step
step:
  %i = phi i64 [0, %start], [%i.next, %update]
  %at = phi i64 [0, %start], [%at.next, %update]
  %base = phi i64 [0, %start], [%base.next, %update]
  %left = sub i64 %n, %at
  %small = icmp slt i64 %left, %batch
  %count = select i1 %small, i64 %left, i64 %batch
  %column = add i64 %base, %at
  %here = getelementptr double, ptr %in, i64 %column
  %seed.at = getelementptr i64, ptr %seeds, i64 %i
  %seed = load i64, ptr %seed.at, align 8
  call void @step(ptr %here, ptr %memory, ptr %out, ptr %sums, ptr %scratch, ptr %gradients,
                  i64 %stride, i64 %count, i64 %seed)
  %total = call double @total(ptr %out, i64 %count, double 1.0)
  %count.f = sitofp i64 %count to double
  %loss = fdiv double %total, %count.f
  %loss.to = getelementptr double, ptr %losses, i64 %i
  store double %loss, ptr %loss.to, align 8
  %odd = call double @total(ptr %gradients, i64 {parameters}, double 0.0)
  %loss.odd = fmul double %loss, 0.0
  %both = fadd double %odd, %loss.odd
  %finite = fcmp oeq double %both, 0.0
  br i1 %finite, label %update, label %stop
update:
  %place = mul i64 %i, {hyper}
  %hyper.i = getelementptr double, ptr %hyper, i64 %place
  call void @update(ptr %memory, ptr %hyper.i, ptr %memory, ptr %sums, ptr %scratch, ptr null,
                    i64 {room}, i64 {parameters}, i64 0)
  %i.next = add i64 %i, 1
  %at.sum = add i64 %at, %count
  %round = icmp sge i64 %at.sum, %n
  %at.next = select i1 %round, i64 0, i64 %at.sum
  %base.sum = add i64 %base, %jump
  %base.next = select i1 %round, i64 %base.sum, i64 %base
  %more = icmp slt i64 %i.next, %steps
  br i1 %more, label %step, label %done
done:
  ret i64 %steps
stop:
  ret i64 %i
}}
define private double @total(ptr %from, i64 %count, double %factor) #0 {{
start:
  br label %loop
loop:
  %i = phi i64 [0, %start], [%next, %loop]
  %sum = phi double [0.0, %start], [%sum.next, %loop]
  %place = getelementptr double, ptr %from, i64 %i
  %number = load double, ptr %place, align 8
  %part = fmul double %number, %factor
  %sum.next = fadd reassoc double %sum, %part
  %next = add i64 %i, 1
  %more = icmp slt i64 %next, %count
  br i1 %more, label %loop, label %end
end:
  ret double %sum.next
}}
"""
